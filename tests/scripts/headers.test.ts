import { describe, expect, it } from 'vitest';
import { headersFor } from '../../scripts/server/headers.mjs';

const scriptSources = (pathname: string): string =>
  /script-src ([^;]*)/.exec(headersFor(pathname)['Content-Security-Policy'] ?? '')?.[1] ?? '';

describe('headersFor', () => {
  it.each([
    '/assets/trainer.worker-B1x_y-2.js',
    '/shop/assets/helper.worker-Ab.js',
    '/assets/recommender.worker-AbC.js',
  ])('lets %s compile WebAssembly, and no text', (pathname) =>
    expect(scriptSources(pathname)).toBe("'self' 'wasm-unsafe-eval'"),
  );

  it.each([
    '/',
    '/index.html',
    '/sw.js',
    '/assets/index-AbC.js',
    '/assets/recommender-AbC.js',
    '/assets/pack.worker-AbC.js',
    '/assets/trainer.worker-AbC.js.html',
  ])('lets %s compile nothing', (pathname) => expect(scriptSources(pathname)).toBe("'self'"));
});

/** Spelt out once more: whatever is taken from the policy in one place stands in the other. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; script-src-attr 'none'; style-src 'self'; style-src-attr 'none'; " +
  "img-src 'self' blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-src 'none'; frame-ancestors 'none'; object-src 'none'; " +
  "require-trusted-types-for 'script'; trusted-types svelte-trusted-html app-worker";

it('row 60: a page gets exactly these headers', () =>
  expect(headersFor('/')).toEqual({
    'Content-Security-Policy': PAGE_POLICY,
    'Connection-Allowlist': '(response-origin)',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  }));

it('row 60: the service worker gets the same without Trusted Types', () =>
  expect(headersFor('/sw.js')['Content-Security-Policy']).toBe(PAGE_POLICY.split('; require-trusted')[0]));
