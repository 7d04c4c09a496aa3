import { AppError } from '../../errors.ts';
import { EVENT_KINDS, type InteractionColumns } from '../../types.ts';
import { rowMajorOrder, validateCsr, type CsrMatrix } from './csr.ts';
import { PairStrength } from './pair-strength.ts';
import { DWELL_MIN_SECONDS } from './strength.ts';
import type { VisitorRow } from './visitor-row.ts';

/**
 * The user–item matrix of signed strengths: one row a community user, then the visitor's own row (empty where
 * there are no events, absent for `null`). A pair whose events cancel out has no entry. A community dwell
 * carries no seconds and counts as one of DWELL_MIN_SECONDS. Throws `input-invalid` for columns of unequal
 * length, a position out of range, an unknown kind or impossible stars, naming the entry.
 */
export function strengthMatrix(columns: InteractionColumns, visitor: VisitorRow | null): CsrMatrix {
  checkColumns(columns);
  const order = rowMajorOrder({
    rows: columns.users,
    columns: columns.items,
    row: columns.user,
    column: columns.item,
  });
  const rows = columns.users + (visitor === null ? 0 : 1);
  const capacity = columns.length + (visitor?.item.length ?? 0);
  const builder = new RowBuilder(rows, columns.items, capacity);
  const pair = new PairStrength();
  for (let position = 0; position < order.length; position++) {
    const entry = order[position] ?? 0;
    const user = columns.user[entry] ?? 0;
    const item = columns.item[entry] ?? 0;
    pair.add(eventAt(columns, entry));
    const next = order[position + 1];
    if (next === undefined || columns.user[next] !== user || columns.item[next] !== item) {
      builder.add(user, item, pair.total);
      pair.reset();
    }
  }
  if (visitor !== null) addVisitor(builder, columns.users, visitor);
  const matrix = builder.build();
  // the visitor's row crossed a worker boundary: its order and range are not ours to assume
  validateCsr(matrix);
  return matrix;
}

/** Fills a CSR matrix row by row; rows must not go back. */
class RowBuilder {
  readonly #rows: number;
  readonly #columns: number;
  readonly #indptr: Int32Array<ArrayBuffer>;
  readonly #indices: Int32Array<ArrayBuffer>;
  readonly #data: Float32Array<ArrayBuffer>;
  #entries = 0;

  constructor(rows: number, columns: number, capacity: number) {
    this.#rows = rows;
    this.#columns = columns;
    this.#indptr = new Int32Array(rows + 1);
    this.#indices = new Int32Array(capacity);
    this.#data = new Float32Array(capacity);
  }

  add(row: number, column: number, value: number): void {
    if (Math.fround(value) === 0) return;
    this.#indices[this.#entries] = column;
    this.#data[this.#entries] = value;
    this.#entries++;
    this.#indptr[row + 1] = (this.#indptr[row + 1] ?? 0) + 1;
  }

  build(): CsrMatrix {
    for (let row = 0; row < this.#rows; row++) {
      this.#indptr[row + 1] = (this.#indptr[row + 1] ?? 0) + (this.#indptr[row] ?? 0);
    }
    return {
      rows: this.#rows,
      columns: this.#columns,
      indptr: this.#indptr,
      indices: this.#indices.slice(0, this.#entries),
      data: this.#data.slice(0, this.#entries),
    };
  }
}

function checkColumns({ length, user, item, kind, stars }: InteractionColumns): void {
  for (const [column, values] of Object.entries({ user, item, kind, stars })) {
    if (values.length !== length) {
      throw new AppError('input-invalid', `The column ${column} of the interactions has a wrong length.`, {
        values: { column, length: values.length, expected: length },
      });
    }
  }
}

function eventAt(columns: InteractionColumns, entry: number) {
  const code = columns.kind[entry] ?? EVENT_KINDS.length;
  const kind = EVENT_KINDS[code];
  const stars = columns.stars[entry] ?? 0;
  const rated = kind === 'rate' || kind === 'review';
  if (kind === undefined || (rated && (stars < 1 || stars > 5))) {
    throw new AppError('input-invalid', 'An interaction has an unknown kind or impossible stars.', {
      values: { entry, kind: code, stars },
    });
  }
  return { kind, stars, seconds: kind === 'dwell' ? DWELL_MIN_SECONDS : 0 };
}

function addVisitor(builder: RowBuilder, row: number, visitor: VisitorRow): void {
  visitor.item.forEach((item, position) => builder.add(row, item, visitor.strength[position] ?? 0));
}
