import { statSync } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '../../lib/errors.ts';
import type { ByteSource } from '../../lib/import/index.ts';

const CHUNK_BYTES = 1024 * 1024;
/** Folders below the one given that are looked into. */
const MAX_DEPTH = 4;

/** The files at a path: the file itself, or all in a folder and those below it. Throws `import-invalid`. */
export async function fileSources(path: string): Promise<readonly ByteSource[]> {
  try {
    const { size } = await stat(path);
    if (!(await stat(path)).isDirectory()) return [fileSource(path, basename(path), size)];
    return await folderSources(path, '', 0);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('import-invalid', `${path} cannot be read: ${reason}`, {
      values: { file: path, reason },
      remedy: 'Give a readable file or folder.',
      cause,
    });
  }
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

async function folderSources(root: string, below: string, depth: number): Promise<readonly ByteSource[]> {
  const sources: ByteSource[] = [];
  for (const entry of await readdir(join(root, below), { withFileTypes: true })) {
    const name = below === '' ? entry.name : `${below}/${entry.name}`;
    const path = join(root, name);
    if (entry.isDirectory() && depth < MAX_DEPTH)
      sources.push(...(await folderSources(root, name, depth + 1)));
    if (entry.isFile()) sources.push(fileSource(path, name, (await stat(path)).size));
  }
  return sources;
}

function fileSource(path: string, name: string, size: number): ByteSource {
  return {
    name,
    size,
    async slice(start, end) {
      const file = await open(path);
      try {
        const bytes = new Uint8Array(Math.max(0, Math.min(end, size) - start));
        const { bytesRead } = await file.read(bytes, 0, bytes.byteLength, start);
        return bytes.subarray(0, bytesRead);
      } finally {
        await file.close();
      }
    },
    stream() {
      const opened = open(path);
      return new ReadableStream<Uint8Array<ArrayBuffer>>({
        async pull(controller) {
          const file = await opened;
          const bytes = new Uint8Array(CHUNK_BYTES);
          const { bytesRead } = await file.read(bytes, 0, CHUNK_BYTES, null);
          if (bytesRead > 0) controller.enqueue(bytes.subarray(0, bytesRead));
          else {
            await file.close();
            controller.close();
          }
        },
        async cancel() {
          await (await opened).close();
        },
      });
    },
  };
}
