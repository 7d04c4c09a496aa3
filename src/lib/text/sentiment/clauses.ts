/** Where a clause ends, and with it the reach of a negation. */
const CLAUSE_END = /[.,;:!?…()\n\r。，；：！？、（）~～]+/u;

/** English words after a negation that it turns over (Pang, Lee & Vaithyanathan 2002: up to the next punctuation). */
export const NEGATED_WORDS = 4;

const NEGATION = /^(?:not|no|never|nor|neither|cannot|without|hardly|barely|nothing|none|nobody|.*n't)$/u;
/** What "don't" becomes under a thumb. */
const NEGATION_TYPED = /^(?:do|did|does|is|was|are|were|has|have|had|could|would|should|wo|ca|ai)nt$/u;

export function clauses(text: string): string[] {
  return text.split(CLAUSE_END);
}

/** Whether an English word, as `runs` gives it, turns what follows into its opposite. */
export function isNegation(word: string): boolean {
  return NEGATION.test(word) || NEGATION_TYPED.test(word);
}
