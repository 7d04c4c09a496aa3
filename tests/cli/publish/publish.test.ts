import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { demoPackContent } from '../../../src/cli/demo-pack/demo-pack.ts';
import { writePackFolder } from '../../../src/cli/pack-folder.ts';
import { parsePublishOptions, PRIVATE_DEFAULTS, PUBLIC_DEFAULTS } from '../../../src/cli/publish/options.ts';
import { publish } from '../../../src/cli/publish/publish.ts';
import { openFactors } from '../../../src/lib/pack/open-stored.ts';
import { writePack, type PackContent } from '../../../src/lib/pack/write.ts';
import { sampleContent } from '../../lib/pack/sample-pack.ts';

const folder = mkdtempSync(join(tmpdir(), 'publish-'));
const lines: string[] = [];
const output = { out: (line: string) => void lines.push(line), err: (line: string) => void lines.push(line) };

/** The demo shop with the first 500 of its shoppers. */
function shop(): PackContent {
  const content = demoPackContent(1);
  const { user, item, kind, stars, day, items } = content.interactions!;
  const length = user.findIndex((number) => number === 500);
  const [users, part] = [500, [0, length] as const];
  const columns = { user: user.slice(...part), item: item.slice(...part), day: day.slice(...part) };
  const interactions = {
    ...columns,
    users,
    items,
    length,
    kind: kind.slice(...part),
    stars: stars.slice(...part),
  };
  return { ...content, interactions };
}

async function sizeOf(content: PackContent): Promise<number> {
  const { files, manifestText } = await writePack(content);
  return files.reduce((sum, { bytes }) => sum + bytes.length, Buffer.byteLength(manifestText));
}

describe('publish', { timeout: 120_000 }, () => {
  it('gives away item factors alone unless it is told otherwise', async () => {
    lines.length = 0;
    const options = parsePublishOptions({ seed: 3 }, PRIVATE_DEFAULTS);
    const content = await publish(shop(), options, output);
    expect(content.interactions).toBeNull();
    expect(content.reviews).toEqual([]);
    expect(content.factors?.bits).toBe(32);
    const { quality } = content.factors!.model;
    expect(quality.users).toBeGreaterThan(50);
    expect(quality.ndcgAt10).toBeGreaterThan(2 * quality.popularityNdcgAt10);
    expect(lines.join('\n')).toMatch(/reviews left out/);
    expect(lines.join('\n')).toMatch(/no row of any shopper/);
  });

  it('fits a budget by 8 bits at next to no loss, then by fewer factors, and says so', async () => {
    lines.length = 0;
    const whole = await publish(shop(), parsePublishOptions({ seed: 3 }, PRIVATE_DEFAULTS), output);
    const bytes = await sizeOf(whole);
    const eight = await publish(
      shop(),
      parsePublishOptions({ seed: 3, maxBytes: bytes - 1 }, PRIVATE_DEFAULTS),
      output,
    );
    expect(eight.factors).toMatchObject({ bits: 8, model: { factors: whole.factors!.model.factors } });
    const loss = whole.factors!.model.quality.ndcgAt10 - eight.factors!.model.quality.ndcgAt10;
    expect(Math.abs(loss)).toBeLessThan(0.005);
    const smaller = (await sizeOf(eight)) - 1;
    const fewer = await publish(
      shop(),
      parsePublishOptions({ seed: 3, maxBytes: smaller }, PRIVATE_DEFAULTS),
      output,
    );
    expect(fewer.factors!.model.factors).toBe(whole.factors!.model.factors / 2);
    expect(await sizeOf(fewer)).toBeLessThanOrEqual(smaller);
    expect(lines.filter((line) => / factors in (8|32) bits: .* NDCG@10/.test(line)).length).toBeGreaterThan(
      4,
    );
    await expect(
      publish(shop(), parsePublishOptions({ maxBytes: 1000 }, PRIVATE_DEFAULTS), output),
    ).rejects.toMatchObject({ code: 'input-invalid', values: { maxBytes: 1000 } });
  });

  it('takes factors trained elsewhere to a catalogue without events', async () => {
    const file = join(folder, 'factors.txt');
    writeFileSync(file, 'cup 0.5 1\nother 9 9\npot 1 0\n');
    const options = parsePublishOptions({ factors: file, regularization: 0.1 }, PRIVATE_DEFAULTS);
    const content = await publish({ ...sampleContent(), interactions: null }, options, output);
    const { manifestText, files } = await writePack(content);
    const model = await openFactors({ manifestText, files });
    expect(model?.itemFactors).toEqual(Float32Array.of(1, 0, 0.5, 1, 0, 0));
    expect(model).toMatchObject({ trainer: 'factors.txt', hyperparameters: { regularization: 0.1 } });
  });

  it('leaves nothing of an earlier pack beside what it gives away', async () => {
    const target = join(folder, 'pack');
    await writePackFolder(target, await publish(shop(), parsePublishOptions({}, PUBLIC_DEFAULTS), output));
    expect(existsSync(join(target, 'interactions.parquet'))).toBe(true);
    await writePackFolder(target, await publish(shop(), parsePublishOptions({}, PRIVATE_DEFAULTS), output));
    expect(existsSync(join(target, 'interactions.parquet'))).toBe(false);
    expect(existsSync(join(target, 'reviews.parquet'))).toBe(false);
    expect(existsSync(join(target, 'factors.safetensors'))).toBe(true);
  });

  it('has nothing to train on where nobody is left', async () => {
    const options = parsePublishOptions({ minEvents: 1000 }, PRIVATE_DEFAULTS);
    await expect(publish(sampleContent(), options, output)).rejects.toMatchObject({
      code: 'not-enough-data',
    });
  });
});

describe('parsePublishOptions', () => {
  it('draws the order of shoppers anew for a shop’s own data, and not for what is public', () => {
    const seeds = Array.from({ length: 4 }, () => parsePublishOptions({}, PRIVATE_DEFAULTS).gate.seed);
    expect(new Set(seeds).size).toBeGreaterThan(1);
    expect(parsePublishOptions({}, PUBLIC_DEFAULTS).gate.seed).toBe(1);
    expect(parsePublishOptions({ seed: 7 }, PRIVATE_DEFAULTS).gate.seed).toBe(7);
  });

  it.each([
    [{ share: 'everything' }, 'share'],
    [{ minEvents: 0 }, 'min-events'],
    [{ kAnonymity: 'x' }, 'k-anonymity'],
    [{ coarsenDays: 1.5 }, 'coarsen-days'],
    [{ maxBytes: -1 }, 'max-bytes'],
    [{ factors: 'f', alpha: 'x' }, 'alpha'],
    [{ factors: true }, 'factors'],
  ])('refuses %j', (raw, option) => {
    expect(() => parsePublishOptions(raw, PRIVATE_DEFAULTS)).toThrow(
      expect.objectContaining({
        code: 'input-invalid',
        values: expect.objectContaining({ option }) as object,
      }),
    );
  });
});
