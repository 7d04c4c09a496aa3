/** Times the import of a file of ratings next to a plain papaparse parse of it, each in a process of its own. */
import { createReadStream } from 'node:fs';
import process from 'node:process';
import Papa from 'papaparse';
import { fileSources } from '../../src/cli/sources/file-sources.ts';
import { importFiles } from '../../src/lib/import/index.ts';

export type Task = 'import' | 'papaparse';

export interface Measured {
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

export async function measure(task: Task, file: string): Promise<Measured> {
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

/** Papaparse's own way in Node: a stream, every row as an array of texts, nothing kept. */
function parseOnly(file: string): Promise<{ rows: number; result: string }> {
  return new Promise((resolve, reject) => {
    let rows = -1;
    const parser = Papa.parse(Papa.NODE_STREAM_INPUT, { skipEmptyLines: true });
    parser.on('data', () => (rows += 1));
    parser.on('end', () => resolve({ rows, result: 'nothing kept' }));
    parser.on('error', reject);
    createReadStream(file).pipe(parser);
  });
}

/** Another plain way: the chunk callback, which spares Node's object stream. */
export function parseChunks(file: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let rows = -1;
    Papa.parse<string[]>(createReadStream(file), {
      skipEmptyLines: true,
      chunk: ({ data }) => (rows += data.length),
      complete: () => resolve(rows),
      error: reject,
    });
  });
}
