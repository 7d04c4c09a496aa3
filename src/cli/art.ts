import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as v from 'valibot';
import { AppError } from '../lib/errors.ts';

/** Attribution that every pack with this art carries. */
export const ART_LICENCE = 'Pictures: Fluent Emoji by Microsoft, MIT licence.';

const ICON_SET = v.object({
  width: v.number(),
  height: v.number(),
  icons: v.record(v.string(), v.object({ body: v.string() })),
});

/**
 * SVG documents by icon name from fluent-emoji-flat (Iconify's JSON of Microsoft's Fluent Emoji, MIT), each
 * name once, in alphabetical order. Throws `input-invalid` for a name that the set does not have.
 */
export function fluentEmoji(names: Iterable<string>): ReadonlyMap<string, string> {
  // Read when needed, not bundled: the set has 3,000 pictures.
  const path = createRequire(import.meta.url).resolve('@iconify-json/fluent-emoji-flat/icons.json');
  const { width, height, icons } = v.parse(ICON_SET, JSON.parse(readFileSync(path, 'utf8')));
  const art = new Map<string, string>();
  for (const name of [...new Set(names)].sort()) {
    const icon = icons[name];
    if (icon === undefined) {
      throw new AppError('input-invalid', `fluent-emoji-flat has no icon ${name}.`, { values: { name } });
    }
    art.set(
      name,
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}">${icon.body}</svg>`,
    );
  }
  return art;
}
