import * as v from 'valibot';
import type { AppError } from '../errors.ts';
import { readSafetensors, tensorOfValues, toFloats, writeSafetensors, type Tensor } from '../safetensors.ts';
import { MAX_FACTORS } from './limits.ts';
import { fileError } from './row-error.ts';
import { cleanText } from './text.ts';
import type { PackFactors, PackManifest } from './types.ts';

/** How factors are kept: 32-bit floats, or whole numbers of 8 bits times a step of their row. */
export const FACTOR_BITS = [32, 8] as const;
export type FactorBits = (typeof FACTOR_BITS)[number];

/** Where a pack written here has them. */
export const FACTORS_PATH = 'factors.safetensors';

const FORMAT = 'fairshelf-item-factors';
const VERSION = '1';
const FACTORS = 'item_factors';
const STEPS = 'item_steps';
/** Largest magnitude of an 8-bit factor: symmetric, so that a row and its negative are kept alike. */
const LARGEST = 127;
const MAX_TRAINER = 200;
const REMEDY = 'Write the pack again, with `fairshelf pack`.';

const number = v.pipe(v.number(), v.finite());
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const share = v.pipe(number, v.minValue(0), v.maxValue(1));
const ABOUT = v.object({
  model: v.literal('ials'),
  hyperparameters: v.record(v.string(), number),
  iterations: count,
  interactions: count,
  quality: v.object({ users: count, ndcgAt10: share, recallAt10: share, popularityNdcgAt10: share }),
  trainer: v.pipe(
    v.string(),
    v.transform((value) => cleanText(value, MAX_TRAINER)),
  ),
});

/**
 * Item factors as a safetensors file: `item_factors`, items × factors, in the order of items.parquet. With 8 bits each
 * row is `item_steps` times whole numbers from −127 to 127, and the file a quarter as large.
 */
export function writeFactors(model: PackFactors, bits: FactorBits): Uint8Array<ArrayBuffer> {
  const { itemFactors, factors, ...about } = model;
  const items = itemFactors.length / factors;
  const metadata = new Map([
    ['format', FORMAT],
    ['version', VERSION],
    ['about', JSON.stringify(about)],
  ]);
  const tensors = new Map<string, Tensor>();
  if (bits === 32) {
    tensors.set(FACTORS, tensorOfValues([items, factors], itemFactors));
  } else {
    const { whole, steps } = quantise(itemFactors, factors);
    // floats first: they stay aligned
    tensors.set(STEPS, tensorOfValues([items], steps));
    tensors.set(FACTORS, tensorOfValues([items, factors], whole));
  }
  return writeSafetensors({ metadata, tensors });
}

/** Reads and checks the factors of a pack. Throws `pack-file-invalid` naming the file and what is wrong with it. */
export function readFactors(bytes: Uint8Array<ArrayBuffer>, manifest: PackManifest): PackFactors {
  const path = manifest.files.factors?.path ?? FACTORS_PATH;
  const fail = (reason: string): AppError => fileError(path, reason, REMEDY);
  const { metadata, tensors } = parsed(bytes, fail);
  if (metadata.get('format') !== FORMAT || metadata.get('version') !== VERSION) {
    throw fail(`is not of the format ${FORMAT}, version ${VERSION}`);
  }
  const about = v.safeParse(ABOUT, json(metadata.get('about')), { abortEarly: true });
  if (!about.success) {
    const [issue] = about.issues;
    throw fail(`has no valid ${v.getDotPath(issue) ?? 'about'}: ${issue.message}`);
  }
  const tensor = tensors.get(FACTORS);
  const [items = 0, factors = 0, deeper] = tensor?.shape ?? [];
  const expected = manifest.counts.items;
  if (tensor === undefined || deeper !== undefined || items !== expected) {
    throw fail(`has no ${FACTORS} of ${expected} rows`);
  }
  if (factors < 1 || factors > MAX_FACTORS)
    throw fail(`has ${factors} factors; 1 to ${MAX_FACTORS} are read`);
  const itemFactors = toFloats(tensor);
  const steps = tensors.get(STEPS);
  if (tensor.dtype === 'I8') {
    if (steps?.shape.length !== 1 || steps.shape[0] !== items) throw fail(`has no ${STEPS} of ${items} rows`);
    scaleRows(itemFactors, factors, toFloats(steps));
  }
  const at = itemFactors.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) throw fail(`has a factor that is not finite, of row ${Math.floor(at / factors) + 1}`);
  if (itemFactors.every((value) => value === 0)) throw fail('has no factor but 0');
  return { ...about.output, factors, itemFactors };
}

/** Each row as a step times whole numbers of 8 bits, rounded to the nearest; a row of zeros has the step 0. */
export function quantise(
  values: Float32Array,
  factors: number,
): { readonly whole: Int8Array<ArrayBuffer>; readonly steps: Float32Array<ArrayBuffer> } {
  const rows = values.length / factors;
  const whole = new Int8Array(values.length);
  const steps = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const own = values.subarray(row * factors, (row + 1) * factors);
    const most = own.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
    // what is written is what is divided by: a 32-bit float
    const step = (steps[row] = Math.fround(most / LARGEST));
    if (step === 0) continue;
    own.forEach((value, at) => (whole[row * factors + at] = Math.round(value / step)));
  }
  return { whole, steps };
}

/** The values that 8 bits keep of these. */
export function rounded(values: Float32Array, factors: number): Float32Array<ArrayBuffer> {
  const { whole, steps } = quantise(values, factors);
  const kept = Float32Array.from(whole);
  scaleRows(kept, factors, steps);
  return kept;
}

function scaleRows(values: Float32Array, factors: number, steps: Float32Array): void {
  for (let at = 0; at < values.length; at++) {
    values[at] = (values[at] ?? 0) * (steps[Math.floor(at / factors)] ?? 0);
  }
}

function parsed(
  bytes: Uint8Array<ArrayBuffer>,
  fail: (reason: string) => AppError,
): ReturnType<typeof readSafetensors> {
  try {
    return readSafetensors(bytes);
  } catch (error) {
    throw fail(`cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function json(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return null;
  }
}
