import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseManifest } from '../../../src/lib/pack/manifest.ts';
import { PACK_FILE_KINDS, type PackFileKind, type PackManifest } from '../../../src/lib/pack/types.ts';
import { sha256Hex } from '../../../src/lib/checksum.ts';
import { verifyFile } from '../../../src/lib/pack/verify.ts';
import { readSafetensors, toFloats } from '../../../src/lib/safetensors.ts';
import { parseSentimentFile } from '../../../src/lib/text/sentiment/model-file.ts';
import { SENTIMENT_FEATURES_VERSION } from '../../../src/lib/text/sentiment/features.ts';
import { TOKENIZER_VERSION } from '../../../src/lib/text/words.ts';
import { onDamaged, survives, truncations } from '../../support/hostile.ts';
import { samplePack } from './sample-pack.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const utf8 = (text: string): Bytes => new Uint8Array(new TextEncoder().encode(text));
const textOf = (bytes: Bytes): string => new TextDecoder().decode(bytes);

const SENTIMENT = JSON.stringify({
  ...{ format: 'fairshelf-sentiment', version: 1 },
  ...{ tokenizer: TOKENIZER_VERSION, features: SENTIMENT_FEATURES_VERSION },
  languages: {
    en: {
      ...{ intercept: 0.1, toneWeight: 1, keys: ['good', 'bad'], weights: [1.5, -2], texts: 10 },
      measured: { method: 'hold-out', seed: 1, texts: 5, accuracy: 0.8, low: 0.5, high: 0.9 },
    },
  },
});

/** The manifest as a liar would write it: its sums fit the damaged bytes, so that only the readers stand in the way. */
async function fitting(manifest: PackManifest, kind: PackFileKind, bytes: Bytes): Promise<PackManifest> {
  const entry = manifest.files[kind]!;
  const sha256 = await sha256Hex(bytes);
  return { ...manifest, files: { ...manifest.files, [kind]: { ...entry, sha256, bytes: bytes.byteLength } } };
}

describe('whatever a pack is made of, it is read whole or refused by name', () => {
  it.each(PACK_FILE_KINDS)('%s, cut off and damaged, with sums that fit', async (kind) => {
    const pack = await samplePack();
    const manifest = parseManifest(pack.manifestText);
    const isSentiment = kind === 'sentiment';
    const whole = isSentiment ? utf8(SENTIMENT) : pack.files.find((file) => file.kind === kind)!.bytes;
    const known = isSentiment
      ? {
          ...manifest,
          files: { ...manifest.files, sentiment: { path: 's.json', sha256: '', bytes: 0, rows: 1 } },
        }
      : manifest;
    const verify = async (bytes: Bytes) => {
      const lying = await fitting(known, kind, bytes);
      return survives(
        () => verifyFile(lying, { kind, bytes }),
        ['pack-file-invalid', 'pack-row-invalid'],
        () => undefined,
      );
    };
    expect(await verify(whole)).toBe('read');
    for (const part of truncations(whole, 300)) expect(await verify(part)).toBe('refused');
    await onDamaged(whole, 300, async (bytes) => {
      await verify(bytes);
    });
  });

  it('pack.json', async () => {
    const whole = utf8((await samplePack()).manifestText);
    const codes = ['pack-manifest-invalid', 'pack-schema-unsupported'] as const;
    const check = (manifest: PackManifest): void => {
      for (const { path, rows } of Object.values(manifest.files)) {
        expect(path).not.toMatch(/\.\.|^\/|:/u);
        expect(rows).toBeGreaterThanOrEqual(0);
      }
      expect(manifest.counts.items).toBe(manifest.files.items.rows);
      expect(manifest.counts.interactions).toBe(manifest.files.interactions?.rows ?? 0);
    };
    const parse = (text: string) => survives(() => parseManifest(text), codes, check);
    expect(await parse(textOf(whole))).toBe('read');
    for (const part of truncations(whole, 1000)) await parse(textOf(part));
    await onDamaged(whole, 600, async (bytes) => {
      await parse(textOf(bytes));
    });
    const json = fc.json();
    await fc.assert(
      fc.asyncProperty(json, async (text) => {
        expect(await parse(text)).toBe('refused');
      }),
      { numRuns: 300, seed: 5 },
    );
  });
});

describe('readers behind the pack', () => {
  it('a trained model of what reviews say', async () => {
    const check = ({ en }: ReturnType<typeof parseSentimentFile>): void => {
      expect(en === undefined || en.keys.length === en.weights.length).toBe(true);
    };
    const parse = (text: string) => survives(() => parseSentimentFile(text), ['input-invalid'], check);
    const whole = utf8(SENTIMENT);
    expect(await parse(SENTIMENT)).toBe('read');
    for (const part of truncations(whole, 1000)) expect(await parse(textOf(part))).toBe('refused');
    await onDamaged(whole, 600, async (bytes) => {
      await parse(textOf(bytes));
    });
  });

  it('safetensors', async () => {
    const pack = await samplePack();
    const whole = pack.files.find(({ kind }) => kind === 'factors')!.bytes;
    const read = (bytes: Bytes) =>
      survives(
        () => readSafetensors(bytes),
        ['import-invalid'],
        ({ tensors }) => {
          for (const tensor of tensors.values()) {
            expect(toFloats(tensor)).toHaveLength(tensor.shape.reduce((product, size) => product * size, 1));
          }
        },
      );
    expect(await read(whole)).toBe('read');
    for (const part of truncations(whole, 1000)) await read(part);
    await onDamaged(whole, 1000, async (bytes) => {
      await read(bytes);
    });
  });
});
