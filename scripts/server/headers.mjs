/** The header policy: the strictest under which training on WebGPU works. One source for every server we ship. */

const CSP = {
  'default-src': "'none'",
  'script-src': "'self'",
  'script-src-attr': "'none'",
  'style-src': "'self'",
  'style-src-attr': "'none'",
  'img-src': "'self' blob:",
  'font-src': "'self'",
  'connect-src': "'self'",
  'worker-src': "'self'",
  'manifest-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-src': "'none'",
  'frame-ancestors': "'none'",
  'object-src': "'none'",
};

const TRUSTED_TYPES = {
  'require-trusted-types-for': "'script'",
  'trusted-types': 'svelte-trusted-html app-worker',
};

const OTHERS = {
  // Chromium 152+: closes WebRTC, window.open, navigation and meta refresh, which a CSP leaves open.
  'Connection-Allowlist': '(response-origin)',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

const serialize = (directives) =>
  Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');

/** What differs from the page's own policy, as patterns of the last part of an address that every host's dialect can hold. */
export const SCRIPTS = {
  /** Workers that compute on the CPU in WebAssembly; everything else may not compile any. */
  computes: '(trainer|helper|recommender)[.]worker-[A-Za-z0-9_-]+[.]js',
  /** Workbox's own loader uses no Trusted Types. */
  serviceWorker: '(sw|workbox-[A-Za-z0-9_-]+)[.]js',
};

const computing = { ...CSP, 'script-src': `${CSP['script-src']} 'wasm-unsafe-eval'` };

/** The content security policies there are. */
export const POLICIES = {
  page: serialize({ ...CSP, ...TRUSTED_TYPES }),
  computes: serialize({ ...computing, ...TRUSTED_TYPES }),
  serviceWorker: serialize(CSP),
  /** Whatever any of the others allows: a host that joins the headers of several rules takes nothing away by it. */
  loosest: serialize(computing),
};

/** Headers that every response carries beside its policy. */
export const COMMON_HEADERS = OTHERS;

const PATTERNS = Object.entries(SCRIPTS).map(([kind, name]) => ({ kind, pattern: new RegExp(`/${name}$`) }));

/**
 * Headers of one response. Workers that train or recommend may also compile WebAssembly. The service worker's script
 * takes the policy without Trusted Types, which Workbox's own loader does not use.
 * @param {string} pathname
 * @returns {Record<string, string>}
 */
export function headersFor(pathname) {
  const kind = PATTERNS.find(({ pattern }) => pattern.test(pathname))?.kind ?? 'page';
  return { 'Content-Security-Policy': POLICIES[kind], ...COMMON_HEADERS };
}
