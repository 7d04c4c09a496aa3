/** Finds the browsers that the tests do not come with, installing Debian's packages where it can. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import process from 'node:process';

/** What each needs; the first path that exists is taken. */
export const BROWSERS = {
  firefox: {
    packages: ['firefox-esr'],
    needs: { firefox: ['/usr/bin/firefox-esr', '/usr/bin/firefox'] },
  },
  webkit: {
    // MiniBrowser has no headless mode: a display of its own.
    packages: ['webkit2gtk-driver', 'xvfb'],
    needs: { driver: ['/usr/bin/WebKitWebDriver'], display: ['/usr/bin/Xvfb'] },
  },
};

function find({ needs }) {
  const found = Object.entries(needs).map(([name, paths]) => [name, paths.find((path) => existsSync(path))]);
  return found.every(([, path]) => path !== undefined) ? Object.fromEntries(found) : null;
}

/**
 * Paths of what a browser needs, installed now if need be. Throws, saying what to do, where that is not possible.
 * @param {keyof typeof BROWSERS} name
 * @returns {Record<string, string>}
 */
export function ensureBrowser(name) {
  const browser = BROWSERS[name];
  const there = find(browser);
  if (there !== null) return there;
  const install = ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...browser.packages];
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.error(`No ${name} found: ${install.join(' ')}`);
    for (const [command, ...args] of [['apt-get', 'update', '-qq'], install]) {
      spawnSync(command, args, {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      });
    }
  }
  const installed = find(browser);
  if (installed !== null) return installed;
  throw new Error(`No ${name} here. On Debian or Ubuntu: sudo ${install.join(' ')}; then try again.`);
}
