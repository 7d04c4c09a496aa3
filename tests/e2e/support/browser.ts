import { chromium, type BrowserContext } from '@playwright/test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium, QUIET_ARGS, WEBGPU_ARGS } from '../../../scripts/chromium.mjs';

/** A browser profile on disk that outlives its browser. */
export interface Profile {
  readonly folder: string;
  /** Opens a browser on the profile; one at a time. `webgpu: false` leaves out the flags that WebGPU needs here. */
  open(args?: readonly string[], options?: { readonly webgpu?: boolean }): Promise<BrowserContext>;
  remove(): Promise<void>;
}

/** A fresh profile. */
export async function createProfile(): Promise<Profile> {
  const folder = await mkdtemp(join(tmpdir(), 'fairshelf-profile-'));
  const executablePath = findChromium();
  return {
    folder,
    open: (args = [], { webgpu = true } = {}) =>
      chromium.launchPersistentContext(folder, {
        ...(executablePath === null ? {} : { executablePath }),
        args: [...QUIET_ARGS, ...(webgpu ? WEBGPU_ARGS : []), ...args],
      }),
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}
