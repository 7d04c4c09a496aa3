/**
 * Vite plugin: writes third-party-notices.txt beside the build, with the licence of every package whose code is
 * in it. Used twice, once for the page and once for the workers, since Vite's own `build.license` leaves out
 * what only a worker imports.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const PACKAGE = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/;

/** @returns {{page: () => import('vite').Plugin, worker: () => import('vite').Plugin}} */
export function createNotices() {
  /** @type {Set<string>} */
  const folders = new Set();
  const collect = (ids) => {
    for (const id of ids) {
      const folder = PACKAGE.exec(id.replace(/^\0+/, '').split('?')[0])?.[1];
      if (folder !== undefined && existsSync(join(folder, 'package.json'))) folders.add(folder);
    }
  };
  return {
    worker: () => ({
      name: 'fairshelf-notices-worker',
      generateBundle() {
        collect(this.getModuleIds());
      },
    }),
    page: () => ({
      name: 'fairshelf-notices',
      apply: 'build',
      generateBundle() {
        collect(this.getModuleIds());
        this.emitFile({ type: 'asset', fileName: 'third-party-notices.txt', source: render([...folders]) });
      },
    }),
  };
}

function render(folders) {
  const sections = folders
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
      const text =
        file === undefined ? `Licence: ${license}` : readFileSync(join(folder, file), 'utf8').trim();
      return { title: `${name} ${version} (${license})`, text };
    })
    .sort((a, b) => a.title.localeCompare(b.title, 'en'));
  return sections.map(({ title, text }) => `${title}\n${'─'.repeat(title.length)}\n\n${text}\n`).join('\n\n');
}
