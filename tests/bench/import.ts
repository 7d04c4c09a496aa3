/** Times the import of a file of ratings next to a plain papaparse parse of it, each in a process of its own. */
import { createReadStream } from 'node:fs';
import process from 'node:process';
import Papa from 'papaparse';
import { fileSources } from '../../src/cli/sources/file-sources.ts';
import { importFiles } from '../../src/lib/import/index.ts';

type Task = 'import' | 'papaparse';

interface Measured {
  readonly task: Task;
  readonly rows: number;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  /** Of the whole process; what it had before the task began is `idleBytes`. */
  readonly peakBytes: number;
  readonly idleBytes: number;
  /** Packed columns that came out, and how many users and products. */
  readonly result: string;
}

async function measure(task: Task, file: string): Promise<Measured> {
  const idleBytes = process.memoryUsage.rss();
  const [wall, cpu] = [performance.now(), process.cpuUsage()];
  const { rows, result } = task === 'import' ? await importOnly(file) : await parseOnly(file);
  const { user, system } = process.cpuUsage(cpu);
  return {
    task,
    rows,
    wallSeconds: (performance.now() - wall) / 1000,
    cpuSeconds: (user + system) / 1e6,
    peakBytes: process.resourceUsage().maxRSS * 1024,
    idleBytes,
    result,
  };
}

async function importOnly(file: string): Promise<{ rows: number; result: string }> {
  const { report } = await importFiles(await fileSources(file));
  return { rows: report.files[0]?.rows ?? 0, result: JSON.stringify(report.counts) };
}

/** Every row as an array of texts, nothing kept: the chunk callback is papaparse's fastest way in Node. */
function parseOnly(file: string): Promise<{ rows: number; result: string }> {
  return new Promise((resolve, reject) => {
    let rows = -1;
    Papa.parse<string[]>(createReadStream(file), {
      skipEmptyLines: true,
      chunk: ({ data }) => (rows += data.length),
      complete: () => resolve({ rows, result: 'nothing kept' }),
      error: reject,
    });
  });
}

/** One task of a process: prints a line of JSON. */
export async function run([task, file = '']: readonly string[]): Promise<void> {
  if (task !== 'import' && task !== 'papaparse') throw new Error('Name a task: import or papaparse.');
  process.stdout.write(`${JSON.stringify(await measure(task, file))}\n`);
}
