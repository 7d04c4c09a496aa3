/**
 * Times the import of a file of ratings next to a plain papaparse parse of it, in turns, each in a fresh process:
 *   node tests/bench/import-ratings.mjs build/bench/ml-20m.csv
 *   node tests/bench/import.mjs build/bench/ml-20m.csv [RUNS]
 * Prints rows a second of wall and of processor time, and the peak of memory.
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import process from 'node:process';
import { build } from 'vite';

const outDir = resolve('build/bench');
await build({
  configFile: false,
  publicDir: false,
  logLevel: 'error',
  build: {
    ssr: 'tests/bench/import.ts',
    outDir,
    emptyOutDir: false,
    target: 'node20',
    rolldownOptions: { output: { entryFileNames: 'import.mjs', codeSplitting: false } },
  },
  ssr: { noExternal: true },
});
const [, , file, runs = '1'] = process.argv;
if (file === undefined) throw new Error('Give a file of ratings.');
const program = `import(${JSON.stringify(resolve(outDir, 'import.mjs'))}).then(({ run }) => run(process.argv.slice(1)))`;
for (let round = 0; round < Number(runs); round++) {
  for (const task of ['papaparse', 'import']) {
    const { stdout, stderr, status } = spawnSync(process.execPath, ['-e', program, task, file], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    const { rows, wallSeconds, cpuSeconds, peakBytes, idleBytes, result } = JSON.parse(stdout);
    const rate = (seconds) => `${(rows / seconds / 1e6).toFixed(2)} M rows/s`;
    process.stdout.write(
      `${task.padEnd(10)} ${rows} rows, wall ${wallSeconds.toFixed(1)} s (${rate(wallSeconds)}), processor ${cpuSeconds.toFixed(1)} s (${rate(cpuSeconds)}), ` +
        `peak ${(peakBytes / 2 ** 20).toFixed(0)} MiB = ${((peakBytes - idleBytes) / rows).toFixed(1)} bytes a row over the ${(idleBytes / 2 ** 20).toFixed(0)} MiB at rest; ${result}\n`,
    );
  }
}
