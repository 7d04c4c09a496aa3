import { pairAdapter } from './pair-adapter.ts';

/** Neural CF, the article's network (`gradient/pairs`). */
export const adapter = pairAdapter('ncf');
