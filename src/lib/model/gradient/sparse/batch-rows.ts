import { AppError } from '../../../errors.ts';

/** No row: the places that fill a batch up to its fixed size. */
export const NO_ROW = -1;

/**
 * Which rows of a table a batch touches, and where. All arrays are as long as the batch (`offsets` one longer), so
 * that batches of one size need buffers of one size; groups past `count` are empty.
 */
export interface BatchRows {
  /** Row of each place in the batch; NO_ROW where there is none. */
  readonly ids: Int32Array<ArrayBuffer>;
  /** Distinct rows in the order in which they first come; NO_ROW past `count`. */
  readonly rows: Int32Array<ArrayBuffer>;
  readonly count: number;
  /** The places of group g are `positions[offsets[g]]` to `positions[offsets[g + 1] − 1]`. */
  readonly offsets: Int32Array<ArrayBuffer>;
  /** Places of the batch by group, ascending within a group: sums over them have one order, whatever the device. */
  readonly positions: Int32Array<ArrayBuffer>;
  /** Group of each place; NO_ROW where it has no row. */
  readonly groups: Int32Array<ArrayBuffer>;
}

/** Groups batches of rows of one table. Linear in the batch: the table's size costs memory once. */
export class RowGrouper {
  /** Group of each row of the table while a batch is grouped, else NO_ROW. */
  readonly #groupOf: Int32Array;

  constructor(tableRows: number) {
    this.#groupOf = new Int32Array(tableRows).fill(NO_ROW);
  }

  /** Throws `input-invalid` for a row that the table does not have. `ids` is kept, not copied. */
  group(ids: Int32Array<ArrayBuffer>): BatchRows {
    const rows = new Int32Array(ids.length).fill(NO_ROW);
    const groups = new Int32Array(ids.length).fill(NO_ROW);
    const offsets = new Int32Array(ids.length + 1);
    let count = 0;
    try {
      for (let place = 0; place < ids.length; place++) {
        const row = ids[place] ?? NO_ROW;
        if (row === NO_ROW) continue;
        let group = this.#groupOf[row];
        if (group === undefined) throw unknownRow(row, this.#groupOf.length);
        if (group === NO_ROW) {
          group = count++;
          this.#groupOf[row] = group;
          rows[group] = row;
        }
        groups[place] = group;
        offsets[group + 1] = (offsets[group + 1] ?? 0) + 1;
      }
    } finally {
      for (let group = 0; group < count; group++) this.#groupOf[rows[group] ?? 0] = NO_ROW;
    }
    for (let group = 0; group < ids.length; group++) {
      offsets[group + 1] = (offsets[group + 1] ?? 0) + (offsets[group] ?? 0);
    }
    const positions = new Int32Array(ids.length);
    const next = offsets.slice();
    for (let place = 0; place < ids.length; place++) {
      const group = groups[place] ?? NO_ROW;
      if (group === NO_ROW) continue;
      const at = next[group] ?? 0;
      next[group] = at + 1;
      positions[at] = place;
    }
    return { ids, rows, count, offsets, positions, groups };
  }
}

function unknownRow(row: number, rows: number): AppError {
  return new AppError('input-invalid', 'A batch names a row that the table does not have.', {
    values: { row, rows },
  });
}
