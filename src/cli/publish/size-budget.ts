import { AppError } from '../../lib/errors.ts';
import type { FactorBits } from '../../lib/pack/factors-file.ts';
import type { PackFactors } from '../../lib/pack/types.ts';
import { writePack, type PackContent } from '../../lib/pack/write.ts';

/** Fewer factors than these rank no better than popularity. */
const LEAST_FACTORS = 8;

/** Ways to make a model smaller. */
export interface SmallerModels {
  /** The same model as measured with so many bits. */
  readonly measured: (model: PackFactors, bits: FactorBits) => PackFactors;
  /** One of fewer factors; null where it cannot be trained again. */
  readonly retrained: (factors: number) => Promise<PackFactors | null>;
}

/** One of the tries to fit a model into a budget. */
export interface BudgetStep {
  readonly factors: number;
  readonly bits: FactorBits;
  /** Of the whole pack. */
  readonly bytes: number;
  readonly ndcgAt10: number;
}

/**
 * The content with the largest form of its model that keeps the whole pack within `maxBytes`: 32 bits, else 8, else half
 * the factors in 8 bits, and so on. Throws `input-invalid` (values: bytes, maxBytes) where nothing fits.
 */
export async function withinBudget(
  content: PackContent,
  model: PackFactors,
  maxBytes: number,
  { measured, retrained }: SmallerModels,
): Promise<{ readonly content: PackContent; readonly steps: readonly BudgetStep[] }> {
  const steps: BudgetStep[] = [];
  let candidate: PackFactors | null = model;
  let bits: FactorBits = 32;
  while (candidate !== null) {
    const kept: PackFactors = measured(candidate, bits);
    const sized: PackContent = { ...content, factors: { model: kept, bits } };
    const bytes = await sizeOf(sized);
    steps.push({ factors: kept.factors, bits, bytes, ndcgAt10: kept.quality.ndcgAt10 });
    if (bytes <= maxBytes) return { content: sized, steps };
    if (bits === 32) bits = 8;
    else {
      const fewer: number = kept.factors >> 1;
      candidate = fewer < LEAST_FACTORS ? null : await retrained(fewer);
    }
  }
  const least = Math.min(...steps.map(({ bytes }) => bytes));
  throw new AppError('input-invalid', `The pack takes ${least} bytes at least.`, {
    values: { bytes: least, maxBytes },
    remedy: 'Raise --max-bytes, or leave out reviews, descriptions or events.',
  });
}

async function sizeOf(content: PackContent): Promise<number> {
  const { manifestText, files } = await writePack(content);
  return files.reduce((sum, { bytes }) => sum + bytes.length, new TextEncoder().encode(manifestText).length);
}
