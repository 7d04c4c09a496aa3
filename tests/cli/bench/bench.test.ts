import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openNodeGpu } from '../../../src/cli/bench/node-gpu.ts';
import { runCommandLine } from '../../../src/cli/program.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'fairshelf-bench-'))));
afterEach(() => rmSync(folder, { recursive: true }));

async function bench(...args: string[]) {
  const lines = { out: [] as string[], err: [] as string[] };
  const code = await runCommandLine(['node', 'fairshelf', 'bench', ...args], {
    out: (line) => lines.out.push(line),
    err: (line) => lines.err.push(line),
  });
  return { code, out: lines.out, err: lines.err.join('\n') };
}

describe('fairshelf bench', () => {
  it.each([
    ['als', ['--factors', '4'], 'secondsPerIteration'],
    ['gradient', ['--factors', '4'], 'secondsPerIteration'],
    ['topk', ['--factors', '4'], 'milliseconds'],
    ['ease', [], 'milliseconds'],
    ['foldin', ['--factors', '4', '--items', '600', '--runs', '5'], 'milliseconds'],
  ])('measures %s', async (suite, options, time) => {
    const { code, out, err } = await bench('--suite', suite, '--data', 'synthetic:500', ...options, '--json');
    expect({ code, lines: out.length }, err).toEqual({ code: 0, lines: 1 });
    const result = JSON.parse(out[0]!) as Record<string, unknown>;
    expect(result).toMatchObject({
      suite,
      device: 'cpu',
      data: 'synthetic:500',
      // EASE has an item for each
      factors: suite === 'ease' ? result['items'] : 4,
      threads: 1,
      runs: 5,
    });
    expect(result[time]).toBeDefined();
    expect(result['share']).toBeGreaterThan(0);
    expect(result['peakBytes']).toBeGreaterThan(1e6);
  });

  it('measures a large catalogue by floats and by 8 bits, and untrained factors where asked to', async () => {
    const small = ['--data', 'synthetic:500', '--factors', '4', '--runs', '5', '--json'];
    const solvers = async (...options: string[]) =>
      (await bench(...options, ...small)).out.map((line) => (JSON.parse(line) as { solver: string }).solver);
    expect(await solvers('--suite', 'foldin', '--items', '10000')).toEqual([
      'cholesky, float',
      'cholesky, int8',
    ]);
    expect(await solvers('--suite', 'topk', '--untrained')).toEqual(['exact, random factors']);
  });

  it('reads public data, whose name and not whose place it reports', async () => {
    writeFileSync(join(folder, 'train.txt'), '0 0 1\n1 1 2\n2 0 3\n');
    const { code, out } = await bench('--suite', 'als', '--data', `lightgcn:${folder}/`, '--factors', '2');
    expect(code).toBe(0);
    expect(out.join('\n')).toContain('GFLOP/s');
    expect(out.join('\n')).toContain('lightgcn:fairshelf-bench-');
    expect(out.join('\n')).not.toContain(folder);
  });

  it('names the solver that was asked for', async () => {
    for (const solver of ['exact', 'cg']) {
      const options = ['--suite', 'als', '--data', 'synthetic:500', '--factors', '4', '--solver', solver];
      const { out } = await bench(...options, '--json');
      expect(JSON.parse(out[0]!)).toMatchObject({ solver });
    }
  });

  it('compares how well each solver ranks with the 64-bit reference', async () => {
    const lines = Array.from({ length: 40 }, (_, user) => [user, user % 4, 4 + (user % 4), 8 + (user % 2)]);
    writeFileSync(join(folder, 'train.txt'), lines.map((line) => line.join(' ')).join('\n'));
    // each group's third item, which the others of the group do not have either
    writeFileSync(join(folder, 'test.txt'), lines.map(([user]) => `${user!} ${9 - (user! % 2)}`).join('\n'));
    const options = ['--suite', 'quality', '--data', `lightgcn:${folder}`, '--factors', '3'];
    const { code, out, err } = await bench(...options, '--json');
    expect(code, err).toBe(0);
    const results = out.map(
      (line) => JSON.parse(line) as { solver: string; ndcg: number; difference: number },
    );
    expect(results.map(({ solver }) => solver)).toEqual(['reference', 'exact', 'cg']);
    for (const { ndcg, difference } of results) {
      expect(ndcg).toBeGreaterThan(0);
      expect(difference).toBe(ndcg - results[0]!.ndcg);
    }
    const { out: table } = await bench(...options);
    expect(table[0]).toContain('NDCG@20');
    expect(table).toHaveLength(4);
  });

  it('chooses steps on a part cut from train, against the exact solver where asked to', async () => {
    // everybody of a group has all of its items
    const lines = Array.from({ length: 40 }, (_, user) => [
      user,
      ...[0, 1, 2, 3].map((n) => 4 * n + (user % 4)),
    ]);
    writeFileSync(join(folder, 'train.txt'), lines.map((line) => line.join(' ')).join('\n'));
    writeFileSync(join(folder, 'test.txt'), lines.map(([user]) => `${user!} ${(user! + 1) % 16}`).join('\n'));
    const options = ['--suite', 'quality', '--data', `lightgcn:${folder}`, '--factors', '3', '--json'];
    const run = async (...more: string[]) =>
      (await bench(...options, ...more)).out.map((line) => JSON.parse(line) as Record<string, unknown>);
    const chosen = await run('--validation', '--reference', 'exact');
    expect(chosen.map(({ solver, cgSteps }) => [solver, cgSteps])).toEqual([
      ['reference', 0],
      ['cg', 1],
      ['cg', 2],
      ['cg', 3],
    ]);
    for (const { data, device } of chosen) {
      expect(data).toContain('validation');
      expect(device).toContain('WebAssembly');
    }
    // the test part names other items than those that were cut from train
    const [test] = await run('--reference', 'exact');
    expect(test!['ndcg']).not.toBe(chosen[0]!['ndcg']);
  });

  it('finds no quality in synthetic data', async () => {
    const { code, err } = await bench('--suite', 'quality', '--data', 'synthetic:500');
    expect(code).toBe(2);
    expect(err).toContain('lightgcn:FOLDER');
  });

  it('sweeps: a table along the sizes that are allowed and one along the factors, with their growth', async () => {
    const options = ['--suite', 'topk', '--data', 'synthetic:500', '--factors', '4'];
    const { code, out } = await bench(
      ...options,
      '--sweep',
      '--max-interactions',
      '100000',
      '--max-factors',
      '64',
    );
    expect(code).toBe(0);
    expect(out.filter((line) => line.startsWith('topk '))).toHaveLength(1 + 2);
    expect(out.join('\n')).toContain('time by interactions: fewer than two sizes say nothing about growth');
    expect(out.join('\n')).toMatch(/time grows as factors\^-?\d\.\d\d/u);
  });

  it('exits with 2 for bad options and bad data, before measuring anything', async () => {
    expect(await bench('--suite', 'nothing')).toMatchObject({ code: 2, out: [] });
    expect(await bench('--suite', 'als', '--threads', '0')).toMatchObject({ code: 2, out: [] });
    expect(await bench('--suite', 'als', '--data', 'synthetic:7')).toMatchObject({ code: 2, out: [] });
    expect(await bench('--suite', 'foldin', '--items', '10')).toMatchObject({ code: 2, out: [] });
    writeFileSync(join(folder, 'train.txt'), '0 0\n1 one\n');
    const bad = await bench('--suite', 'als', '--data', `lightgcn:${folder}`);
    expect(bad).toMatchObject({ code: 2, out: [] });
    expect(bad.err).toContain('train.txt, line 2: "one" is not valid.');
  });

  it('skips tfjs on WebGPU, which needs a browser, and says so', async () => {
    const { code, out, err } = await bench('--suite', 'gradient', '--device', 'webgpu');
    expect({ code, out }).toEqual({ code: 0, out: [] });
    expect(err).toContain('gradient: skipped. tfjs runs on WebGPU in a browser only');
  });
});

describe('openNodeGpu', () => {
  it('names the command that installs what is missing', async () => {
    const missing = openNodeGpu(() => Promise.reject(new Error("Cannot find package 'webgpu'")));
    await expect(missing).rejects.toMatchObject({
      code: 'gpu-unavailable',
      remedy: 'npm install --no-save webgpu@0.6.2',
    });
  });

  it('hands out what the package makes', async () => {
    const made = {} as GPU;
    const { gpu, release } = await openNodeGpu(() => Promise.resolve({ create: () => made }));
    expect(gpu).toBe(made);
    release();
  });
});
