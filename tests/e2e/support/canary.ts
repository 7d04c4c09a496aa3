/** A mark planted into what the visitor does, and the forms in which it might leave the device. */
export interface Canary {
  readonly name: string;
  readonly forms: readonly string[];
}

/** Too short a piece would be found by chance. */
const MIN_FORM_LENGTH = 8;

/**
 * Every form of a text that is searched for: plain, URL-encoded, hex, base64 at each of its three alignments,
 * and as a tensor of its character codes (float32) in latin1, hex and base64.
 */
export function canary(name: string, text: string): Canary {
  const bytes = Buffer.from(text, 'utf8');
  const floats = Buffer.from(Float32Array.from(text, (letter) => letter.codePointAt(0) ?? 0).buffer);
  const forms = [bytes, floats].flatMap((content) => [
    content.toString('latin1'),
    encodeURIComponent(content.toString('latin1')),
    content.toString('hex'),
    ...base64Forms(content),
  ]);
  return { name, forms: [...new Set([...forms, encodeURIComponent(text)])] };
}

/** The stable middle of the base64 of any text that holds these bytes, by their offset modulo 3. */
function base64Forms(content: Buffer): readonly string[] {
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), content]).toString('base64');
    // The outer letters mix with whatever stands around.
    const middle = encoded.replace(/=+$/, '').slice(offset === 0 ? 0 : 4, -2);
    return middle.length < MIN_FORM_LENGTH ? [] : [middle, middle.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

/** Names of the canaries that a text holds, in whatever form; upper or lower case hex alike. */
export function canariesIn(text: string, canaries: readonly Canary[]): readonly string[] {
  const lower = text.toLowerCase();
  return canaries
    .filter(({ forms }) => forms.some((form) => text.includes(form) || lower.includes(form.toLowerCase())))
    .map(({ name }) => name);
}
