import type { NamedFile } from '../../lib/import/protocol.ts';

/** Files as an import takes them; of two with the same path the later one is numbered. */
export function namedFiles(files: readonly { readonly path: string; readonly file: File }[]): NamedFile[] {
  const taken = new Set<string>();
  return files.map(({ path, file }) => {
    const name = taken.has(path) ? `${taken.size + 1}/${path}` : path;
    taken.add(name);
    return { name, file };
  });
}

/** The files of a file picker; those of a folder with their paths. */
export function pickedFiles(list: FileList | null): NamedFile[] {
  return namedFiles(
    [...(list ?? [])].map((file) => ({
      path: file.webkitRelativePath === '' ? file.name : file.webkitRelativePath,
      file,
    })),
  );
}

/** The files that were dropped, those of folders too. Call at once in the event: a drop is forgotten after it. */
export async function droppedFiles(transfer: DataTransfer): Promise<NamedFile[]> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const loose = [...transfer.files].map((file) => ({ path: file.name, file }));
  if (entries.length === 0) return namedFiles(loose);
  return namedFiles((await Promise.all(entries.map(filesOf))).flat());
}

async function filesOf(
  entry: FileSystemEntry,
): Promise<readonly { readonly path: string; readonly file: File }[]> {
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    return [{ path: entry.fullPath.replace(/^\//u, ''), file }];
  }
  if (!isFolder(entry)) return [];
  const reader = entry.createReader();
  const inside: FileSystemEntry[] = [];
  for (;;) {
    // some at a time, until there are none
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (batch.length === 0) break;
    inside.push(...batch);
  }
  return (await Promise.all(inside.map(filesOf))).flat();
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;
