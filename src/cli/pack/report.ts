import type { CleaningStepName, DataCounts, Decision, ImportReport } from '../../lib/import/index.ts';

const NUMBER = new Intl.NumberFormat('en');
/** Bad rows that are printed; the report file has more. */
const SHOWN = 10;

const STEPS: Readonly<Record<CleaningStepName, string>> = {
  'missing-user': 'left out: nobody is named',
  'missing-item': 'left out: no product is named',
  cancelled: 'left out: cancelled orders',
  returned: 'left out: returns and refunds',
  impossible: 'left out: no quantity, or no price',
  'test-orders': 'left out: test orders',
  'non-products': 'left out: postage, fees, vouchers',
  'not-in-catalogue': 'left out: not in the catalogue',
  bots: 'left out: looks that no person made',
  duplicates: 'left out: repeated',
  'min-events': 'left out: users or products with too few',
  scale: 'ratings laid on 1 to 5 stars',
  'time-order': 'stood out of order: sorted by time',
};

/** Steps that leave nothing out. */
const CHANGES: ReadonlySet<CleaningStepName> = new Set<CleaningStepName>(['scale', 'time-order']);

const DECISIONS: Readonly<Record<Decision['name'], (value: string) => string>> = {
  scale: (value) => `ratings are on a scale of ${value}`,
  'day-order': (value) => `dates are written ${value === 'dmy' ? 'day, month, year' : 'month, day, year'}`,
  decimal: (value) => `"${value}" is the decimal sign`,
  'time-zone': (value) => `times name no zone: taken as ${value}`,
  'time-format': (value) => `times are ${value}`,
  'no-times': () => 'there are no times: everything is on day 0',
  currency: (value) => `prices are in ${value}`,
};

/** A report in plain lines: what was read, what was decided, what each step did, which rows could not be read. */
export function reportLines(report: ImportReport): string[] {
  const { problems, skipped } = report;
  return [
    `Data set: ${report.dataset}`,
    ...report.files
      .filter(({ table }) => table !== 'ignored')
      .map(
        ({ name, table, format, encoding, rows, used }) =>
          `  ${name}: ${table}, ${[format, encoding].filter(Boolean).join(', ')}, ${count(rows)} rows, ${count(used)} used`,
      ),
    ...ignoredLine(report),
    ...skipped.map(({ name, reason }) => `  ${name}: skipped (${reason})`),
    ...report.decisions
      .filter(({ name }) => name !== 'time-format')
      .map(({ name, file, value, certain }) => {
        const where = file === '' ? '' : `${file}: `;
        return `  ${where}${DECISIONS[name](value)}${certain || name === 'time-zone' ? '' : ' (a guess: correct it with --map)'}`;
      }),
    ...(report.read.events === 0 ? [] : [`Read: ${counts(report.read)}`]),
    ...report.steps
      .filter(({ events }) => events > 0)
      .flatMap(({ step, events, examples, after }) => [
        `  ${count(events)} ${STEPS[step]}${CHANGES.has(step) ? '' : `; now ${counts(after)}`}`,
        ...examples.slice(0, 2).map((example) => `      ${example}`),
      ]),
    ...(problems.total === 0
      ? []
      : [
          `${count(problems.total)} problems (${Object.entries(problems.byReason)
            .map(([name, many]) => `${name} ${count(many)}`)
            .join(', ')}):`,
        ]),
    ...problems.shown.slice(0, SHOWN).map(({ file, line, column, value, remedy }) => {
      const where = `${file}${line === 0 ? '' : `, line ${line}`}${column === '' ? '' : `, column ${column}`}`;
      return `  ${where}: ${JSON.stringify(value)}. ${remedy}`;
    }),
  ];
}

function ignoredLine({ files }: ImportReport): string[] {
  const names = files.filter(({ table }) => table === 'ignored').map(({ name }) => name);
  if (names.length === 0) return [];
  return [
    `  not needed: ${names.slice(0, SHOWN).join(', ')}${names.length > SHOWN ? ` and ${names.length - SHOWN} more` : ''}`,
  ];
}

function counts({ events, users, items, pairs }: DataCounts): string {
  return `${count(events)} events, ${count(users)} users, ${count(items)} products, ${count(pairs)} pairs`;
}

function count(value: number): string {
  return NUMBER.format(value);
}
