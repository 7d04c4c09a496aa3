import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { headersFor } from '../../scripts/server/headers.mjs';
import { apache, caddy, headersFile, nginx, RECIPES } from '../../scripts/server/recipes.mjs';

/** One of each kind, and what only looks like one. */
const FILES = [
  'index.html',
  'sw.js',
  'manifest.webmanifest',
  'logo.svg',
  'assets/first-AbC_1-x.js',
  'assets/trainer.worker-B1x_y-2.js',
  'assets/helper.worker-Ab.js',
  'assets/recommender.worker-AbC.js',
  'assets/pack.worker-AbC.js',
  'assets/import.worker-AbC.js',
  'assets/trainer.worker-AbC.js.html',
  'packs/demo/items.parquet',
];
const PATHS = ['/', '/not/there', ...FILES.map((file) => `/${file}`)];

type Headers = Readonly<Record<string, string>>;
/** What our own server sends, with names as HTTP compares them. */
const expected = (path: string): Headers => ({
  ...Object.fromEntries(Object.entries(headersFor(path)).map(([name, value]) => [name.toLowerCase(), value])),
  'cache-control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
});

const all = (text: string, pattern: RegExp): readonly (readonly string[])[] => [...text.matchAll(pattern)];

/** Small readers of the dialects, as far as the recipes use them. */
const readers: Readonly<Record<string, (text: string, path: string) => Headers>> = {
  'nginx.conf'(text, path) {
    const variables = new Map(
      all(text, /^map \$uri \$(\w+) \{\n([^}]*)\}/gm).map(([, name = '', body = '']) => {
        const rules = all(body, /^ +(?:"~([^"]+)"|(default)) "([^"]*)";$/gm);
        const hit = rules.find(([, pattern]) => pattern !== undefined && new RegExp(pattern).test(path));
        return [`$${name}`, (hit ?? rules.find(([, , isDefault]) => isDefault !== undefined))?.[3] ?? ''];
      }),
    );
    return Object.fromEntries(
      all(text, /^ {4}add_header ([\w-]+) (?:"([^"]*)"|(\$\w+)) always;$/gm).map(
        ([, name = '', value, variable]) => [
          name.toLowerCase(),
          value ?? variables.get(variable ?? '') ?? '',
        ],
      ),
    );
  },
  Caddyfile(text, path) {
    const variables = new Map(
      all(text, /^\tmap \{path\} (\{\w+\}) \{\n((?:\t\t.*\n)*)\t\}/gm).map(([, name = '', body = '']) => {
        const rules = all(body, /^\t\t(?:~(\S+)|(default)) "([^"]*)"$/gm);
        const hit = rules.find(([, pattern]) => pattern !== undefined && new RegExp(pattern).test(path));
        return [name, (hit ?? rules.find(([, , isDefault]) => isDefault !== undefined))?.[3] ?? ''];
      }),
    );
    const body = /^\theader \{\n((?:\t\t.*\n)*)\t\}/m.exec(text)?.[1] ?? '';
    return Object.fromEntries(
      all(body, /^\t\t([\w-]+) (?:"([^"]*)"|(\{\w+\}))$/gm).map(([, name = '', value, variable]) => [
        name.toLowerCase(),
        value ?? variables.get(variable ?? '') ?? '',
      ]),
    );
  },
  'apache.htaccess'(text, path) {
    const headers: Record<string, string> = {};
    let applies = true;
    for (const line of text.split('\n')) {
      const files = /^<FilesMatch "(.*)">$/.exec(line)?.[1];
      const address = /^<If "%\{REQUEST_URI\} =~ m#(.*)#">$/.exec(line)?.[1];
      if (files !== undefined) applies = new RegExp(files).test(path.slice(path.lastIndexOf('/') + 1));
      else if (address !== undefined) applies = new RegExp(address).test(path);
      else if (line.startsWith('</')) applies = true;
      const [, name, value] = /^ *Header always set ([\w-]+) "(.*)"$/.exec(line) ?? [];
      if (applies && name !== undefined && value !== undefined) headers[name.toLowerCase()] = value;
    }
    return headers;
  },
};

describe.each(Object.keys(readers))('docs/hosting/%s', (name) => {
  it.each(PATHS)('sends with %s what our own server sends', async (path) => {
    const text = await readFile(`docs/hosting/${name}`, 'utf8');
    expect(readers[name]!(text, path)).toEqual(expected(path));
  });
});

it.each(Object.entries(RECIPES))(
  'docs/hosting/%s is as `npm run hosting` writes it',
  async (name, recipe) => {
    expect(await readFile(`docs/hosting/${name}`, 'utf8')).toBe(recipe());
  },
);

it('the container file copies what is there', async () => {
  const text = await readFile('docs/hosting/Containerfile', 'utf8');
  const copied = all(text, /^COPY (?!--from)(.+) \S+$/gm).flatMap(([, sources = '']) => sources.split(' '));
  expect(copied).toContain('docs/hosting/nginx.conf');
  for (const source of copied) expect(existsSync(source), source).toBe(true);
  expect((await readFile('.dockerignore', 'utf8')).split('\n')).toContain('node_modules');
});

describe('_headers', () => {
  const rules = headersFile(FILES)
    .split(/^(?=\/)/m)
    .map((block) => {
      const [pattern = '', ...lines] = block.trimEnd().split('\n');
      const headers = lines.map((line) => /^ {2}([\w-]+): (.+)$/.exec(line) ?? []);
      return {
        pattern,
        headers: headers.map(([, name = '', value = '']) => [name.toLowerCase(), value] as const),
      };
    });
  const matching = (path: string) =>
    rules.filter(({ pattern }) =>
      pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : pattern === path,
    );
  const values = (path: string, name: string): readonly string[] =>
    matching(path).flatMap(({ headers }) => headers.filter(([it]) => it === name).map(([, value]) => value));
  const directives = (policy: string): ReadonlyMap<string, readonly string[]> =>
    new Map(policy.split('; ').map((it) => [it.split(' ')[0] ?? '', it.split(' ').slice(1)]));

  it('stays within what the hosts take: 100 rules, 2,000 characters a line', () => {
    expect(rules.length).toBeLessThan(100);
    for (const { headers } of rules)
      for (const [, value] of headers) expect(value.length).toBeLessThan(1_900);
  });

  it.each(PATHS)('gives %s every header once, but the policy', (path) => {
    for (const [name, value] of Object.entries(expected(path))) {
      if (name === 'content-security-policy') continue;
      // Both hosts revalidate by themselves what has no rule.
      expect(values(path, name)).toEqual(name === 'cache-control' && value === 'no-cache' ? [] : [value]);
    }
  });

  it.each(['/', '/index.html', '/sw.js', ...PATHS.filter((path) => /\.worker-\w+\.js$/.test(path))])(
    'gives %s its own policy, whether its rules are joined or the last wins',
    (path) => {
      const own = headersFor(path)['Content-Security-Policy'] ?? '';
      const policies = values(path, 'content-security-policy');
      expect(policies).toContain(own);
      const ownDirectives = directives(own);
      for (const policy of policies) {
        // Whatever the rule for everything forbids, this one forbids, too: joined they forbid what this one does.
        for (const [name, sources] of directives(policy)) {
          expect(ownDirectives.has(name), name).toBe(true);
          for (const source of ownDirectives.get(name) ?? []) expect(sources, name).toContain(source);
        }
      }
      expect(policies.at(-1)).toBe(own);
    },
  );
});

interface Server {
  readonly recipe: () => string;
  /** Writes what it needs below `folder`; the command to run in the foreground. */
  readonly prepare: (text: string, folder: string, port: number) => Promise<readonly string[]>;
}

/** Debian's servers. Where one is not installed only the readers above check its recipe. */
const SERVERS: Readonly<Record<string, Server>> = {
  nginx: {
    recipe: nginx,
    async prepare(text, folder, port) {
      const site = text
        .replace('listen 8080', `listen 127.0.0.1:${port}`)
        .replace('/srv/fairshelf', `${folder}/site`);
      const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
      await writeFile(
        `${folder}/nginx.conf`,
        `daemon off; pid ${folder}/pid; error_log stderr;
events {}
http { access_log off; ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
${site.replace('include mime.types', 'include /etc/nginx/mime.types')} }`,
      );
      return ['nginx', '-c', `${folder}/nginx.conf`];
    },
  },
  caddy: {
    recipe: caddy,
    async prepare(text, folder, port) {
      const site = text
        .replace(/^:8080/m, `http://127.0.0.1:${port}`)
        .replace('/srv/fairshelf', `${folder}/site`);
      await writeFile(`${folder}/Caddyfile`, `{\n\tadmin off\n}\n${site}`);
      return ['caddy', 'run', '--config', `${folder}/Caddyfile`, '--adapter', 'caddyfile'];
    },
  },
  apache2: {
    recipe: apache,
    async prepare(text, folder, port) {
      await writeFile(`${folder}/site/.htaccess`, text);
      const modules = ['mpm_event', 'authz_core', 'dir', 'mime', 'headers'];
      await writeFile(
        `${folder}/apache.conf`,
        `${modules.map((it) => `LoadModule ${it}_module /usr/lib/apache2/modules/mod_${it}.so`).join('\n')}
ServerName localhost
Listen 127.0.0.1:${port}
PidFile ${folder}/pid
DefaultRuntimeDir ${folder}
ErrorLog ${folder}/error.log
User nobody
Group nogroup
TypesConfig /etc/mime.types
DocumentRoot ${folder}/site
<Directory ${folder}/site>
  AllowOverride FileInfo Indexes
  Require all granted
</Directory>`,
      );
      return ['apache2', '-X', '-f', `${folder}/apache.conf`];
    },
  },
};

const isInstalled = (command: string): boolean =>
  ['/usr/bin', '/usr/sbin', '/usr/local/bin'].some((folder) => existsSync(join(folder, command)));

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No port.');
  return address.port;
}

describe.each(Object.entries(SERVERS))('%s itself', (command, { recipe, prepare }) => {
  const installed = isInstalled(command);
  let folder = '';
  let running: ChildProcess | null = null;
  let address = '';
  let said = '';

  beforeAll(async () => {
    if (!installed) return;
    folder = await mkdtemp(join(tmpdir(), 'fairshelf-host-'));
    spawnSync('chmod', ['755', folder]);
    for (const file of FILES) {
      const path = join(folder, 'site', file);
      await mkdir(join(path, '..'), { recursive: true });
      await writeFile(path, `${file}\n`);
    }
    const port = await freePort();
    address = `http://127.0.0.1:${port}`;
    const [program = '', ...args] = await prepare(recipe(), folder, port);
    const env = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
    running = spawn(program, args, { env: { ...env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` } });
    running.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    for (let tries = 0; tries < 100; tries += 1) {
      const answer = await fetch(address).catch(() => null);
      if (answer !== null) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`${command} does not answer: ${said}`);
  }, 30_000);
  afterAll(async () => {
    running?.kill('SIGTERM');
    if (folder !== '') await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  });

  it.skipIf(!installed).each(PATHS)('sends with %s what our own server sends, once', async (path) => {
    const response = await fetch(`${address}${path}`);
    expect(response.status).toBe(path === '/not/there' ? 404 : 200);
    // fetch joins what comes twice with a comma.
    const sent = Object.fromEntries(
      Object.keys(expected(path)).map((name) => [name, response.headers.get(name)]),
    );
    expect(sent).toEqual(expected(path));
    const type = response.headers.get('content-type') ?? '';
    if (path.endsWith('.js')) expect(type).toMatch(/^(text|application)\/javascript/);
    if (path.endsWith('.webmanifest')) expect(type).toBe('application/manifest+json');
  });
});
