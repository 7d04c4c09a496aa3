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

/** Workers that compute on the CPU in WebAssembly; everything else may not compile any. */
const COMPUTES = /\/(trainer|helper|recommender)\.worker-[\w-]+\.js$/;

/**
 * Headers of one response. Workers that train or recommend may also compile WebAssembly. The service worker's script
 * takes the policy without Trusted Types, which Workbox's own loader does not use.
 * @param {string} pathname
 * @returns {Record<string, string>}
 */
export function headersFor(pathname) {
  const isServiceWorker = /\/(sw|workbox-[\w-]+)\.js$/.test(pathname);
  const policy = COMPUTES.test(pathname)
    ? { ...CSP, 'script-src': `${CSP['script-src']} 'wasm-unsafe-eval'` }
    : CSP;
  return {
    'Content-Security-Policy': serialize(isServiceWorker ? policy : { ...policy, ...TRUSTED_TYPES }),
    ...OTHERS,
  };
}
