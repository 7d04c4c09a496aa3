import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CsrMatrix } from '../../src/lib/model/matrix/csr.ts';

/** Users and items of the LightGCN split. */
const USERS = 29_858;
const ITEMS = 40_981;

/** Gowalla's train part (LightGCN split), strength 1 each; null where FAIRSHELF_DATA has none. */
export function loadGowalla(): CsrMatrix | null {
  const path = join(process.env['FAIRSHELF_DATA'] ?? '../shared/data', 'gowalla/train.txt');
  if (!existsSync(path)) return null;
  const rows = readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const indptr = new Int32Array(USERS + 1);
  for (const [user, ...items] of rows) indptr[user! + 1] = items.length;
  for (let user = 0; user < USERS; user++) indptr[user + 1]! += indptr[user]!;
  const indices = new Int32Array(indptr[USERS] ?? 0);
  for (const [user, ...items] of rows)
    indices.set(
      items.sort((a, b) => a - b),
      indptr[user!],
    );
  return { rows: USERS, columns: ITEMS, indptr, indices, data: new Float32Array(indices.length).fill(1) };
}
