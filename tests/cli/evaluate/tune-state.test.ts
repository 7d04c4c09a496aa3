import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ratingsCsv, runFairshelf, type Ran } from './run.ts';

let folder: string;
let state: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fairshelf-tune-'));
  state = join(folder, 'state', 'tune.json');
  writeFileSync(join(folder, 'ratings.csv'), ratingsCsv(1));
  writeFileSync(join(folder, 'others.csv'), ratingsCsv(2));
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Change {
  readonly model?: string;
  readonly data?: string;
  readonly more?: readonly string[];
  /** Ctrl-C once so many trials have ended. */
  readonly stopAfter?: number;
}

function tune({ model = 'itemknn', data = 'ratings.csv', more = [], stopAfter }: Change = {}): Promise<Ran> {
  const stop = new AbortController();
  return runFairshelf(
    [
      ...['evaluate', '--train', join(folder, data), '--format', 'csv', '--model', model, '--device', 'cpu'],
      ...['--json', '--tune', '--trials', '6', '--tune-state', state, ...more],
    ],
    stop.signal,
    (line) => {
      if (line === `  trial ${stopAfter}`) stop.abort();
    },
  );
}

const report = ({ out }: Ran) =>
  JSON.parse(out[0] ?? '') as { readonly metrics: object; readonly hyperparameters: object };
const kept = () =>
  JSON.parse(readFileSync(state, 'utf8')) as {
    searches: Record<string, { seconds: number; state: { trials: { results: unknown[] }[] } }>;
  };

describe('a search that is kept', () => {
  it.each(['itemknn', 'ials'])('pauses with Ctrl-C and ends as it would have, %s', async (model) => {
    const whole = report(await tune({ model }));
    rmSync(state);
    const paused = await tune({ model, stopAfter: 2 });
    expect([paused.code, paused.out]).toEqual([130, []]);
    expect(paused.err).toContain('Paused after 2 trials; the same command goes on.');
    expect(kept().searches['1']?.state.trials.filter(({ results }) => results.length > 0)).toHaveLength(2);
    const resumed = await tune({ model });
    expect(resumed.err).toContain(': 2 trials');
    expect(resumed.code).toBe(0);
    const { metrics, hyperparameters } = report(resumed);
    expect({ metrics, hyperparameters }).toEqual({
      metrics: whole.metrics,
      hyperparameters: whole.hyperparameters,
    });
    // nothing half-written is left
    expect(readdirSync(join(folder, 'state'))).toEqual(['tune.json']);
  });

  it('keeps one search a fold', async () => {
    const folds = ['--split', 'kfold:2'];
    expect((await tune({ more: folds })).code).toBe(0);
    expect(Object.keys(kept().searches)).toEqual(['1', '2']);
  });

  it('counts the time of all sittings', async () => {
    await tune({ stopAfter: 1 });
    const before = kept();
    const search = before.searches['1'];
    if (search === undefined) throw new Error('nothing kept');
    writeFileSync(state, JSON.stringify({ ...before, searches: { '1': { ...search, seconds: 600.25 } } }));
    const ended = await tune();
    expect(ended.code).toBe(0);
    expect(ended.err).toContain(': 1 trials, 600 s');
    // the budget of 10 minutes is spent: no second trial
    expect(kept().searches['1']?.state.trials.filter(({ results }) => results.length > 0)).toHaveLength(1);
    const longer = await tune({ more: ['--budget', '20m'] });
    expect(longer.code).toBe(0);
    expect(kept().searches['1']?.state.trials.every(({ results }) => results.length === 1)).toBe(true);
    expect(kept().searches['1']?.seconds).toBeGreaterThan(600.25);
  });

  it.each<[string, Change, RegExp]>([
    ['model', { model: 'rp3beta' }, /another model: itemknn there, rp3beta now/],
    ['seed', { more: ['--seed', '2'] }, /another seed: 1 there, 2 now/],
    ['data', { data: 'others.csv' }, /with other train data\./],
    ['values', { more: ['--set', 'shrinkage=3'] }, /other hyper-parameters given by --set: .*shrinkage/],
    ['split', { more: ['--split', 'leave-k:2'] }, /another split: random there, leave-k now/],
  ])('is refused for another %s', async (_, change, message) => {
    await tune({ stopAfter: 1 });
    const before = readFileSync(state, 'utf8');
    const { code, out, err } = await tune(change);
    expect(err).toMatch(message);
    expect(err).toContain('another --tune-state file');
    expect([code, out]).toEqual([2, []]);
    expect(readFileSync(state, 'utf8')).toBe(before);
  });

  it.each([
    ['no JSON', '{'],
    ['another version', '{"version":2,"searches":{}}'],
    [
      'a trial that is none',
      '{"version":1,"searches":{"1":{"identity":{},"seconds":0,"state":{"version":1,"seed":1,"rungs":[0],"trials":[{"hyperparameters":{"x":"y"},"results":[]}]}}}}',
    ],
    ['a time below 0', '{"version":1,"searches":{"1":{"identity":{},"seconds":-1,"state":null}}}'],
  ])('is refused where it is damaged: %s', async (_, text) => {
    await tune({ stopAfter: 1 });
    writeFileSync(state, text);
    const { code, err } = await tune();
    expect(err).toContain('is damaged, or no state of a search');
    expect(code).toBe(2);
    expect(readFileSync(state, 'utf8')).toBe(text);
  });

  it('says that it is lost where nothing keeps it, and refuses a file without a search', async () => {
    const stop = new AbortController();
    const args = ['evaluate', '--train', join(folder, 'ratings.csv'), '--format', 'csv', '--model', 'ease'];
    const stopped = await runFairshelf([...args, '--device', 'cpu', '--tune'], stop.signal, (line) => {
      if (line.startsWith('  trial 1')) stop.abort();
    });
    expect(stopped.code).toBe(130);
    expect(stopped.err).toContain('Without --tune-state the search is not kept');
    const without = await runFairshelf([...args, '--tune-state', state]);
    expect(without.code).toBe(2);
    expect(without.err).toContain('--tune-state must be given together with --tune');
    expect(existsSync(state)).toBe(false);
  });

  it('stands beside the model that train saves', async () => {
    const save = join(folder, 'kept');
    const args = ['train', '--train', join(folder, 'ratings.csv'), '--format', 'csv', '--model', 'itemknn'];
    const { code } = await runFairshelf([
      ...[...args, '--device', 'cpu', '--tune', '--trials', '2', '--save', save],
    ]);
    expect(code).toBe(0);
    expect(readdirSync(save).sort()).toEqual(['ids.json', 'model.safetensors', 'tune.json']);
  });
});
