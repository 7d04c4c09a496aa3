/** `npm run test:faults`: the tests of every row of tests/faults.json; `--row 45` those of one. Needs a build. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { row: { type: 'string', multiple: true, default: [] } } });
const rows = values.row.map(Number);
const faults = JSON.parse(readFileSync('tests/faults.json', 'utf8')).filter(
  ({ row }) => rows.length === 0 || rows.includes(row),
);
if (!existsSync('dist/index.html')) {
  console.error('No build in dist: npm run build');
  process.exit(2);
}

const files = [...new Set(faults.flatMap(({ tests }) => tests.map(({ file }) => file)))].sort();
const vitest = (project) => ['vitest', 'run', '--project', project];
/** Whole files: what stands beside a row's test is part of what it rests on. */
const GROUPS = [
  [vitest('unit'), (file) => file.endsWith('.test.ts') && !/\.(gpu|component)\.test\.ts$/.test(file)],
  [vitest('gpu'), (file) => file.endsWith('.gpu.test.ts')],
  [vitest('components'), (file) => file.endsWith('.component.test.ts')],
  [['playwright', 'test'], (file) => file.endsWith('.spec.ts')],
];
for (const [command, takes] of GROUPS) {
  const chosen = files.filter(takes);
  if (chosen.length === 0) continue;
  const { status } = spawnSync('npx', [...command, ...chosen], {
    stdio: 'inherit',
    // A kernel test that skips shows nothing.
    env: { ...process.env, REQUIRE_GPU: '1', VITE_REQUIRE_GPU: '1' },
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(1);
}
const open = faults.filter(({ gap }) => gap !== undefined);
console.log(
  `\n${faults.length - open.length} of ${faults.length} rows are shown in full by ${files.length} files.`,
);
for (const { row, fault, gap } of open) console.log(`row ${row}, ${fault}: ${gap}`);
