import { afterEach, describe, expect, it } from 'vitest';
import { createRecommender, type RecommenderClient } from '../../../../src/lib/model/index.ts';
import { event, plantedFactors, plantedItems, snapshotOf } from '../recommend/planted.ts';

describe('recommender worker in Chromium', () => {
  let recommender: RecommenderClient | null = null;
  afterEach(() => recommender?.dispose());

  it('recommends from a real worker, and leaves the snapshot with the page', async () => {
    recommender = createRecommender();
    const items = plantedItems(60);
    const snapshot = snapshotOf(plantedFactors(60, 8), 8);
    expect(await recommender.call('open', { items, snapshot })).toEqual({
      items: 60,
      model: 'ials',
      factors: 8,
    });
    expect(snapshot.itemFactors).toHaveLength(480);

    const { shelves } = await recommender.call('shelves', { events: [event(0), event(4)], length: 5 });
    expect(shelves[0]?.kind).toBe('for-you');
    expect(shelves[0]?.entries.every(({ item }) => item % 4 === 0)).toBe(true);
    const found = await recommender.call('search', { query: '露营灯', language: 'zh', limit: 60 });
    expect(found.items.length).toBeGreaterThan(0);
    expect(found.items.every((item) => item % 4 === 1)).toBe(true);
  });

  it('explains by words of both languages when there is no model', async () => {
    recommender = createRecommender();
    await recommender.call('open', { items: plantedItems(60), snapshot: null });
    const explanation = await recommender.call('explain', { item: event(12).item, events: [event(0)] });
    expect(explanation.basis).toBe('text');
    expect(explanation.sharedWords.en).toContain('coffee');
    expect(explanation.sharedWords.zh.join()).toContain('咖啡');
  });
});
