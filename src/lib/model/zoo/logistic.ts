import { pairAdapter } from './pair-adapter.ts';

/** Logistic factorization of labelled pairs (`gradient/pairs`). */
export const adapter = pairAdapter('logistic');
