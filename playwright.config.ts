import { defineConfig } from '@playwright/test';
import { findChromium, QUIET_ARGS, WEBGPU_ARGS } from './scripts/chromium.mjs';

const executablePath = findChromium() ?? undefined;

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  fullyParallel: false,
  workers: 1,
  forbidOnly: process.env['CI'] !== undefined,
  retries: 0,
  timeout: 120_000,
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      args: [...QUIET_ARGS, ...WEBGPU_ARGS],
    },
  },
});
