import { terms } from './terms.ts';
import type { TextVectors } from './vectors.ts';

/** FNV-1a, 32 bits, over UTF-16 code units. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/**
 * TF-IDF vectors of texts over a fixed number of features, without a vocabulary: a term's feature is its hash modulo
 * `features` (a power of 2), its sign the hash's top bit, so that terms that share a feature cancel out on average and
 * dot products are right in expectation (Weinberger et al. 2009). Weights as `buildTextVectors`, idf by feature.
 */
export function hashedTextVectors(texts: readonly string[], features: number): TextVectors {
  const frequency = new Int32Array(features);
  const counts = texts.map((text) => {
    const times = new Map<string, number>();
    for (const { key } of terms(text)) times.set(key, (times.get(key) ?? 0) + 1);
    const row = new Map<number, number>();
    for (const [key, count] of times) {
      const hash = hash32(key);
      const feature = hash & (features - 1);
      row.set(feature, (row.get(feature) ?? 0) + (hash >>> 31 === 0 ? 1 : -1) * (1 + Math.log(count)));
    }
    for (const feature of row.keys()) frequency[feature] = (frequency[feature] ?? 0) + 1;
    return [...row].sort(([a], [b]) => a - b);
  });
  const indptr = new Int32Array(texts.length + 1);
  counts.forEach(({ length }, row) => (indptr[row + 1] = (indptr[row] ?? 0) + length));
  const indices = new Int32Array(indptr[texts.length] ?? 0);
  const data = new Float64Array(indices.length);
  counts.forEach((row, at) => {
    const start = indptr[at] ?? 0;
    const weights = row.map(
      ([feature, value]) => value * (Math.log((1 + texts.length) / (1 + (frequency[feature] ?? 0))) + 1),
    );
    const norm = Math.hypot(...weights);
    row.forEach(([feature], offset) => {
      indices[start + offset] = feature;
      data[start + offset] = norm > 0 ? (weights[offset] ?? 0) / norm : 0;
    });
  });
  return {
    ...{ rows: texts.length, terms: features, indptr, indices, data, documentFrequency: frequency },
    words: new Array<null>(features).fill(null),
  };
}
