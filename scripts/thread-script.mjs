/**
 * Vite plugin: `import script from './x.ts?thread-script'` bundles that file to one CommonJS script and yields it as
 * text, for `new Worker(script, { eval: true })` of Node, which cannot load TypeScript.
 */
import { dirname, resolve } from 'node:path';
import { build } from 'vite';

const QUERY = '?thread-script';

/** @returns {import('vite').Plugin} */
export function threadScript() {
  return {
    name: 'thread-script',
    enforce: 'pre',
    resolveId(source, importer) {
      if (!source.endsWith(QUERY) || importer === undefined) return null;
      return resolve(dirname(importer.split('?')[0]), source);
    },
    async load(id) {
      if (!id.endsWith(QUERY)) return null;
      const { output, watched } = await bundle(id.slice(0, -QUERY.length));
      for (const file of watched) this.addWatchFile(file);
      return `export const script = ${JSON.stringify(output)};\n`;
    },
  };
}

/** @param {string} entry */
async function bundle(entry) {
  const result = await build({
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      write: false,
      target: 'node20',
      ssr: entry,
      rolldownOptions: { output: { format: 'cjs' } },
    },
  });
  const chunks = result.output.filter((file) => file.type === 'chunk');
  if (chunks.length !== 1) throw new Error(`${entry} bundles to ${chunks.length} scripts.`);
  return { output: chunks[0].code, watched: chunks[0].moduleIds.filter((file) => !file.startsWith('\0')) };
}
