/**
 * The header policy in the dialects of common hosts. `npm run hosting` writes docs/hosting/ from here; the build
 * writes `_headers`. tests/scripts/hosting.test.ts reads each back and, where the server is installed, asks it.
 */
import { COMMON_HEADERS, headersFor, POLICIES, SCRIPTS } from './headers.mjs';

const NOTE = 'Written by `npm run hosting` from scripts/server/headers.mjs: change it there.';
/** Hashed names never change; everything else is revalidated. */
const CACHE = { hashed: 'public, max-age=31536000, immutable', other: 'no-cache' };
const KINDS = ['computes', 'serviceWorker'];

const each = (line) =>
  Object.entries(COMMON_HEADERS)
    .map(([name, value]) => line(name, value))
    .join('\n');

export const nginx = () => `# ${NOTE}
# For /etc/nginx/conf.d/. Change root and server_name; add TLS: service workers need https (or localhost).
map $uri $fairshelf_policy {
    default "${POLICIES.page}";
${KINDS.map((kind) => `    "~/${SCRIPTS[kind]}$" "${POLICIES[kind]}";`).join('\n')}
}
map $uri $fairshelf_cache {
    default "${CACHE.other}";
    "~/assets/" "${CACHE.hashed}";
}
server {
    listen 8080;
    server_name _;
    root /srv/fairshelf;
    index index.html;
    include mime.types;
    types {
        application/manifest+json webmanifest;
        application/vnd.apache.parquet parquet;
        application/wasm wasm;
    }
    gzip on;
    gzip_types text/css text/javascript application/javascript application/json application/manifest+json image/svg+xml text/plain application/wasm;
    # No add_header in a location below: it would drop all of these.
    add_header Content-Security-Policy $fairshelf_policy always;
    add_header Cache-Control $fairshelf_cache always;
${each((name, value) => `    add_header ${name} "${value}" always;`)}
}
`;

export const caddy = () => `# ${NOTE}
# Put your host's name in place of :8080, and Caddy fetches a certificate: service workers need https (or localhost).
:8080 {
	root * /srv/fairshelf
	encode gzip
	map {path} {fairshelf_policy} {
${KINDS.map((kind) => `\t\t~/${SCRIPTS[kind]}$ "${POLICIES[kind]}"`).join('\n')}
		default "${POLICIES.page}"
	}
	map {path} {fairshelf_cache} {
		~/assets/ "${CACHE.hashed}"
		default "${CACHE.other}"
	}
	header {
		Content-Security-Policy {fairshelf_policy}
		Cache-Control {fairshelf_cache}
${each((name, value) => `\t\t${name} "${value}"`)}
	}
	@manifest path *.webmanifest
	header @manifest Content-Type application/manifest+json
	file_server
}
`;

export const apache = () => `# ${NOTE}
# As .htaccess beside index.html (AllowOverride FileInfo Indexes), or inside a <Directory>. Needs mod_headers: without it
# Apache answers 500 rather than a page without its policy.
DirectoryIndex index.html
AddType text/javascript .js
AddType application/manifest+json .webmanifest
AddType application/vnd.apache.parquet .parquet
AddType application/wasm .wasm
${each((name, value) => `Header always set ${name} "${value}"`)}
Header always set Content-Security-Policy "${POLICIES.page}"
Header always set Cache-Control "${CACHE.other}"
${KINDS.map(
  (kind) => `<FilesMatch "^${SCRIPTS[kind]}$">
    Header always set Content-Security-Policy "${POLICIES[kind]}"
</FilesMatch>`,
).join('\n')}
<If "%{REQUEST_URI} =~ m#/assets/#">
    Header always set Cache-Control "${CACHE.hashed}"
</If>
`;

export const container = () => `# ${NOTE}
# docker build -f docs/hosting/Containerfile -t fairshelf . && docker run --rm -p 8080:8080 fairshelf
FROM docker.io/library/node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build

FROM docker.io/library/nginx:stable-alpine
COPY docs/hosting/nginx.conf /etc/nginx/conf.d/default.conf
COPY --from=build /app/dist /srv/fairshelf
EXPOSE 8080
`;

/**
 * `_headers` of Netlify and Cloudflare Pages, for a build at the root of its site. Where two rules meet, one host
 * joins their values and another takes one of them: the rule for everything is the loosest, so either way a document
 * and a worker come out with exactly their own policy.
 * @param {readonly string[]} files paths of the build, without a leading slash
 */
export function headersFile(files) {
  const own = [
    '',
    'index.html',
    ...files.filter((file) => /(^|\/)(sw|[\w-]+\.worker-[\w-]+)\.js$/.test(file)),
  ];
  return [
    '/*',
    each((name, value) => `  ${name}: ${value}`),
    `  Content-Security-Policy: ${POLICIES.loosest}`,
    ...[...new Set(own)]
      .sort()
      .flatMap((file) => [
        `/${file}`,
        `  Content-Security-Policy: ${headersFor(`/${file}`)['Content-Security-Policy']}`,
      ]),
    '/assets/*',
    `  Cache-Control: ${CACHE.hashed}`,
    '',
  ].join('\n');
}

/** Vite plugin: writes `_headers` when everything else of the build is known. */
export function hostHeaders() {
  return {
    name: 'fairshelf-host-headers',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        // The service worker is written after the bundle, under this name.
        this.emitFile({
          type: 'asset',
          fileName: '_headers',
          source: headersFile([...Object.keys(bundle), 'sw.js']),
        });
      },
    },
  };
}

/** Files of docs/hosting/ and what they hold. */
export const RECIPES = {
  'nginx.conf': nginx,
  Caddyfile: caddy,
  'apache.htaccess': apache,
  Containerfile: container,
};
