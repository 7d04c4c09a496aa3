import { defineConfig } from '@playwright/test';
import { findChromium, QUIET_ARGS, WEBGPU_ARGS } from './scripts/chromium.mjs';

const executablePath = findChromium() ?? undefined;

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  fullyParallel: false,
  workers: 1,
  forbidOnly: process.env['CI'] !== undefined,
  // A browser that stops painting once in many runs says nothing of the page; what fails twice does, and "flaky" is printed.
  retries: 1,
  timeout: 120_000,
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    // A step that hangs is named, where the test's own limit would only say that time was up.
    actionTimeout: 60_000,
    trace: 'on-first-retry',
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      args: [...QUIET_ARGS, ...WEBGPU_ARGS],
    },
  },
});
