/**
 * Vite plugin: `import … from './kernels.ts?wasm-kernels'` compiles that AssemblyScript entry and yields its bytes as
 * base64, twice: for SIMD alone, and for browsers with relaxed SIMD. Bytes in the script, not a file beside it: no
 * address to get wrong at a sub-path, and page, workers, tests and command line take them the same way.
 */
import { readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import asc from 'assemblyscript/asc';

const QUERY = '?wasm-kernels';

/** @returns {import('vite').Plugin} */
export function wasmKernels() {
  return {
    name: 'wasm-kernels',
    enforce: 'pre',
    resolveId(source, importer) {
      if (!source.endsWith(QUERY) || importer === undefined) return null;
      return resolve(dirname(importer.split('?')[0]), source);
    },
    async load(id) {
      if (!id.endsWith(QUERY)) return null;
      const entry = id.slice(0, -QUERY.length);
      for (const file of readdirSync(dirname(entry))) this.addWatchFile(join(dirname(entry), file));
      const builds = [];
      for (const relaxed of [0, 1]) {
        builds.push(JSON.stringify(Buffer.from(await compile(entry, relaxed)).toString('base64')));
      }
      return `export const simd = ${builds[0]};\nexport const relaxedSimd = ${builds[1]};\n`;
    },
  };
}

/**
 * @param {string} entry
 * @param {0 | 1} relaxed
 * @returns {Promise<Uint8Array>}
 */
async function compile(entry, relaxed) {
  const root = process.cwd();
  const errors = asc.createMemoryStream();
  let bytes = null;
  const flags = [
    '-O3',
    '--converge',
    '--noAssert',
    '--runtime',
    'stub',
    '--importMemory',
    '--noExportMemory',
  ];
  const features = ['--enable', 'simd', '--enable', 'relaxed-simd', '--use', `RELAXED_SIMD=${relaxed}`];
  const file = relative(root, entry).replaceAll('\\', '/');
  const { error } = await asc.main(
    [file, '--outFile', 'out.wasm', '--baseDir', root, ...flags, ...features],
    {
      stderr: errors,
      writeFile: (_name, contents) => {
        bytes = contents;
      },
    },
  );
  if (error !== null || bytes === null) throw new Error(`${file} does not compile.\n${errors.toString()}`);
  return bytes;
}
