/** `npm run test:reproducible`: builds twice from nothing and compares every file by its SHA-256. Leaves the second in dist. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { listFiles } from './server/static-server.mjs';

const sha256 = (content) => createHash('sha256').update(content).digest('hex');

/** A process for each, and no cache between them: whatever the first leaves behind is no help to the second. */
async function buildOnce(timeZone) {
  for (const left of ['dist', 'node_modules/.vite']) await rm(left, { recursive: true, force: true });
  const built = spawnSync(
    process.execPath,
    ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn'],
    {
      // Where and when it is built may not show in it.
      env: { ...process.env, TZ: timeZone },
      stdio: 'inherit',
    },
  );
  if (built.status !== 0) throw new Error(`The build ended with ${built.status}.`);
  const paths = (await listFiles('dist')).sort();
  return new Map(
    await Promise.all(paths.map(async (path) => [path, sha256(await readFile(join('dist', path)))])),
  );
}

const first = await buildOnce('UTC');
const second = await buildOnce('Asia/Shanghai');
const paths = [...new Set([...first.keys(), ...second.keys()])];
const different = paths.filter((path) => first.get(path) !== second.get(path));
for (const path of different) console.error(`${path}: ${first.get(path)} then ${second.get(path)}`);
console.log(
  JSON.stringify({
    files: paths.length,
    different: different.length,
    sha256: sha256(JSON.stringify([...second])),
  }),
);
process.exitCode = paths.length > 0 && different.length === 0 ? 0 : 1;
