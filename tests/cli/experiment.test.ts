import { expect, it } from 'vitest';
import { runCommandLine } from '../../src/cli/program.ts';

async function experiment(...args: string[]) {
  const lines = { out: [] as string[], err: [] as string[] };
  const code = await runCommandLine(['node', 'fairshelf', 'experiment', ...args], {
    out: (line) => lines.out.push(line),
    err: (line) => lines.err.push(line),
  });
  return { code, out: lines.out, err: lines.err.join('\n') };
}

const small = ['--size', '60', '--epochs', '3', '--deviation', '5'];

it('prints both curves beside the floor', async () => {
  const { code, out, err } = await experiment(...small, '--goal', '0.9');
  expect(code, err).toBe(0);
  expect(out[0]).toContain('60 × 60 cells planted with rank 2');
  expect(out[1]).toContain('Bayes floor 0.');
  expect(out.filter((line) => /^(logistic|ncf): at or below 0.9 after \d epochs/u.test(line))).toHaveLength(
    2,
  );
  expect(out.filter((line) => line.startsWith('    3  '))).toHaveLength(2);
});

it('prints one line of JSON, the same for the same seed', async () => {
  const run = () => experiment(...small, '--model', 'logistic', '--json', '--seed', '4');
  const { out } = await run();
  expect(out).toHaveLength(1);
  const result = JSON.parse(out[0]!) as Record<string, unknown>;
  expect(result).toMatchObject({ seed: 4, models: [{ model: 'logistic', goal: 0.044, epochsToGoal: null }] });
  expect((await run()).out).toEqual(out);
});

it.each([
  ['--epochs', '0'],
  ['--size', '3'],
  ['--goal', '0'],
  ['--model', 'other'],
])('refuses %s %s', async (...option) => {
  const { code, err } = await experiment(...option);
  expect(code).toBe(2);
  expect(err).toContain(`${option[0]} must be`);
});
