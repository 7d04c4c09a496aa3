import { addRow, dotRow, rowCosine, type TextVectors } from '../../text/index.ts';
import type { ItemIndex } from '../../types.ts';
import { knownScores } from './item-scores.ts';
import type { Visitor } from './visitor.ts';
import type { Preference } from './preference.ts';

/** How much popularity can add to a score that is otherwise at most 1: enough to order items of equal words. */
const POPULARITY_WEIGHT = 0.05;

/**
 * Content-based preference, for a shop without a trained model: the visitor's profile is the mean of the text
 * vectors of their items, weighted by signed strength (Rocchio 1971), so an item's score is
 *
 *   Σ_j (s_j / Σ|s|) cos(i, j)  +  0.05 · log(1 + popularity_i) / log(1 + greatest popularity)
 */
export function textPreference(vectors: TextVectors, popularity: Float64Array, { row }: Visitor): Preference {
  const total = row.strength.reduce((sum, strength) => sum + Math.abs(strength), 0);
  const shares = Float64Array.from(row.strength, (strength) => (total > 0 ? strength / total : 0));
  const profile = new Float64Array(vectors.terms);
  row.item.forEach((item, at) => addRow(vectors, item, shares[at] ?? 0, profile));

  const greatest = popularity.reduce((most, value) => Math.max(most, value), 0);
  const prior = (item: number): number =>
    greatest > 0 ? (POPULARITY_WEIGHT * Math.log1p(popularity[item] ?? 0)) / Math.log1p(greatest) : 0;
  const scores = Float64Array.from(popularity, (_, item) => dotRow(vectors, item, profile) + prior(item));
  return {
    basis: 'text',
    threshold: 0,
    scores: knownScores(scores),
    contributions(item: ItemIndex) {
      return {
        history: Float64Array.from(row.item, (own, at) => (shares[at] ?? 0) * rowCosine(vectors, own, item)),
        rest: { type: 'popularity', contribution: prior(item) },
      };
    },
  };
}

/** The words a visitor's liked items have, weighted by strength: a dense vector of `terms` entries. */
export function likedWords(vectors: TextVectors, { row }: Visitor): Float64Array {
  const dense = new Float64Array(vectors.terms);
  row.item.forEach((item, at) => addRow(vectors, item, Math.max(0, row.strength[at] ?? 0), dense));
  return dense;
}
