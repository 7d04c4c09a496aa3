import { describe, expect, it } from 'vitest';
import { opinions, Sentiment } from '../../../../src/lib/text/opinions/index.ts';
import { sentences, shownSentence, turns } from '../../../../src/lib/text/opinions/sentences.ts';
import { topics } from '../../../../src/lib/text/opinions/topics.ts';

const byLists = new Sentiment({});

describe('opinions', () => {
  const english = [
    'The strap is awful. The sound is great!',
    'Great sound, but the strap is bad.',
    'I love the sound. It came on Monday.',
    'A terrible lid.',
  ];

  it('finds topics of several reviews, on their side, with the sentence that says it', () => {
    const { liked, disliked, reviews, language, method } = opinions(english, 'Headphones', 'en', byLists);
    expect({ reviews, language, method }).toEqual({
      reviews: 4,
      language: 'en',
      method: { kind: 'word-lists' },
    });
    expect(liked).toEqual([
      {
        topic: 'sound',
        reviews: 3,
        sentence: expect.any(String) as string,
        review: expect.any(Number) as number,
      },
    ]);
    expect(english[liked[0]!.review]).toContain(liked[0]!.sentence);
    // the lid is one person's
    expect(disliked.map(({ topic, reviews: count }) => [topic, count])).toEqual([['strap', 2]]);
  });

  it('counts a review once, however often it says so', () => {
    const { liked } = opinions(
      ['The sound is good. The sound is great.', 'The sound is bad.'],
      '',
      'en',
      byLists,
    );
    expect(liked[0]).toMatchObject({ topic: 'sound', reviews: 1 });
  });

  it('makes no topic of the product’s own name', () => {
    expect(opinions(english, 'Sound bar', 'en', byLists).liked).toEqual([]);
  });

  it('takes no verb that a judgement follows for a topic', () => {
    expect(topics('做得很好').map(({ word }) => word)).toEqual([]);
    expect(topics('做工很好').map(({ word }) => word)).toEqual(['做工']);
  });

  it('finds Chinese topics', () => {
    const texts = ['质量很好，物流太慢了。', '质量不错。', '物流很慢，质量很好。'];
    const { liked, disliked, language } = opinions(texts, '水壶', 'zh', byLists);
    expect(language).toBe('zh');
    expect(liked[0]).toMatchObject({ topic: '质量', reviews: 3 });
    expect(disliked[0]).toMatchObject({ topic: '物流', reviews: 2 });
  });

  it('reads the other language where there is none in the page’s', () => {
    expect(opinions(english, '', 'zh', byLists)).toMatchObject({ language: 'en', reviews: 4 });
    expect(opinions([], '', 'zh', byLists)).toMatchObject({
      liked: [],
      disliked: [],
      language: 'zh',
      reviews: 0,
    });
  });

  it('says when a trained model judged', () => {
    const measured = { method: 'hold-out', seed: 1, texts: 9, accuracy: 0.8, low: 0.5, high: 0.9 } as const;
    const trained = new Sentiment({
      en: { intercept: 0, toneWeight: 0, keys: ['sound'], weights: [-4], texts: 9, measured },
    });
    const { liked, disliked, method } = opinions(english, '', 'en', trained);
    expect(method).toEqual({ kind: 'trained', accuracy: 0.8 });
    expect(disliked[0]?.topic).toBe('sound');
    expect(liked.map(({ topic }) => topic)).not.toContain('sound');
  });
});

describe('sentences', () => {
  it('end at their marks, in both scripts', () => {
    expect(sentences('One. Two!  三。四！five\nsix 3.5 l')).toEqual([
      'One.',
      'Two!',
      '三。',
      '四！',
      'five',
      'six 3.5 l',
    ]);
  });

  it('turn at commas and at "but"', () => {
    expect(turns('Great sound but the strap is bad')).toEqual(['Great sound ', ' the strap is bad']);
    expect(turns('质量好，但是贵')).toEqual(['质量好', '贵']);
  });

  it('are shown whole where they are short, else the part in question', () => {
    const part = ' the strap is bad';
    const long = `${'word '.repeat(40)},${part}`;
    expect(shownSentence('Short.', 'Short.')).toBe('Short.');
    expect(shownSentence(long, part)).toBe('…the strap is bad');
    const shown = shownSentence('word '.repeat(60), 'word '.repeat(60));
    expect(shown.length).toBeLessThanOrEqual(140);
    expect(shown.endsWith('word…')).toBe(true);
  });
});
