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
