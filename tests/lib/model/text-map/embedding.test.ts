import { describe, expect, it } from 'vitest';
import { embedTexts, type TextEmbedding } from '../../../../src/lib/model/text-map/embedding.ts';

const kitchen = ['kettle teapot', 'teapot saucer', 'saucer kettle', 'kettle teapot saucer'];
const camping = ['tent lantern', 'lantern hammock', 'hammock tent', 'tent lantern hammock'];
const texts = [...kitchen, ...camping, 'kettle', 'saucer', 'hammock', 'the'];

const cosine = ({ data, dimensions }: TextEmbedding, a: number, b: number): number => {
  let sum = 0;
  for (let m = 0; m < dimensions; m++) sum += data[a * dimensions + m]! * data[b * dimensions + m]!;
  return sum;
};

describe('embedTexts', () => {
  it('puts texts together whose words stand together elsewhere, though they share none', async () => {
    const embedding = await embedTexts(texts, { dimensions: 2, seed: 1 });
    expect(embedding).toMatchObject({ rows: texts.length, dimensions: 2 });
    const [kettle, saucer, hammock, nothing] = [8, 9, 10, 11];
    expect(cosine(embedding, kettle, saucer)).toBeGreaterThan(0.95);
    expect(Math.abs(cosine(embedding, kettle, hammock))).toBeLessThan(0.05);
    expect(cosine(embedding, kettle, kettle)).toBeCloseTo(1, 5);
    expect(cosine(embedding, nothing, nothing)).toBe(0);
    expect(await embedTexts(texts, { dimensions: 2, seed: 1 })).toEqual(embedding);
  });

  it('refuses features that are no power of 2, and ends when cancelled', async () => {
    await expect(embedTexts(texts, { dimensions: 2, features: 100, seed: 1 })).rejects.toMatchObject({
      code: 'input-invalid',
    });
    const signal = AbortSignal.abort();
    await expect(embedTexts(texts, { dimensions: 2, seed: 1, signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });
});
