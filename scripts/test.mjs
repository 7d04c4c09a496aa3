/** `npm test`: everything that must hold, in order of cost; stops at the first failure. */
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { ensureChromium } from './chromium.mjs';

console.log(`Chromium: ${ensureChromium()}`);

const STEPS = [
  ['types', 'npm', ['run', '-s', 'check']],
  ['lint', 'npm', ['run', '-s', 'lint']],
  ['format', 'npm', ['run', '-s', 'format:check']],
  ['unit', 'npm', ['run', '-s', 'test:unit']],
  ['kernels on WebGPU', 'npm', ['run', '-s', 'test:gpu']],
  ['components', 'npm', ['run', '-s', 'test:components']],
  ['build', 'npm', ['run', '-s', 'build']],
  ['end to end', 'npm', ['run', '-s', 'test:e2e']],
];

const started = Date.now();
for (const [name, command, args] of STEPS) {
  console.log(`\n── ${name}`);
  const stepStarted = Date.now();
  const { status } = spawnSync(command, args, {
    stdio: 'inherit',
    // No adapter would turn the kernel tests into skips; here that is a failure.
    env: { ...process.env, REQUIRE_GPU: '1', VITE_REQUIRE_GPU: '1' },
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    console.error(`\n${name}: failed (exit ${status}).`);
    process.exit(1);
  }
  console.log(`   ${name}: ${((Date.now() - stepStarted) / 1000).toFixed(0)} s`);
}
console.log(`\nAll of it holds (${((Date.now() - started) / 1000).toFixed(0)} s).`);
