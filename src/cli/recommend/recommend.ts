import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../lib/errors.ts';
import { modelAdapter, rankItems, readModel, type FittedModel, type History } from '../../lib/model/index.ts';
import { text, whole } from '../evaluate/options.ts';
import type { CommandLineOutput } from '../output.ts';
import { lineError, readLines } from '../sources/lines.ts';
import { IDS_FILE, MODEL_FILE } from '../train/train.ts';

export interface RecommendOptions {
  readonly model?: unknown;
  readonly history?: unknown;
  readonly k?: unknown;
  readonly explain?: unknown;
  readonly json?: unknown;
}

/** Of an explanation, how many things are named. */
const REASONS = 3;

/** `fairshelf recommend`: folds a history in and prints the best items that are not in it. */
export async function recommend(options: RecommendOptions, output: CommandLineOutput): Promise<void> {
  const folder = text('model', options.model);
  const k = whole('k', options.k ?? 20, 1, 100_000);
  const items = readIds(join(folder, IDS_FILE));
  const saved = await readModel(readBytes(join(folder, MODEL_FILE)));
  if (saved.items !== items.length) throw damaged(join(folder, IDS_FILE));
  const model = (await modelAdapter(saved.kind)).load(saved);
  const history = readHistory(text('history', options.history), items, output);
  const scores = model.foldIn(history);
  const ranked = rankItems(scores, history.item, k);
  if (ranked.length < k) output.err(`Only ${ranked.length} items are left to show.`);
  const explain = options.explain === true;
  if (explain && model.contributions === undefined) {
    output.err(`${saved.kind} does not split its scores: no reasons.`);
  }
  const rows = Array.from(ranked, (item) => ({
    item: items[item] ?? '',
    score: scores[item] ?? 0,
    ...(explain ? { because: reasons(model, history, item, items) } : {}),
  }));
  if (options.json === true) {
    output.out(JSON.stringify(rows));
    return;
  }
  rows.forEach(({ item, score, because = [] }, rank) => {
    const why = because.map((reason) => `${reason.item} ${reason.part.toPrecision(3)}`).join(', ');
    output.out(`${rank + 1}\t${item}\t${score.toPrecision(5)}${why === '' ? '' : `\tbecause of ${why}`}`);
  });
}

function reasons(
  model: FittedModel,
  history: History,
  item: number,
  items: readonly string[],
): readonly { readonly item: string; readonly part: number }[] {
  const parts = model.contributions?.(history, item).parts ?? new Float64Array(0);
  return Array.from(parts, (part, at) => ({ item: items[history.item[at] ?? 0] ?? '', part }))
    .sort((a, b) => b.part - a.part)
    .slice(0, REASONS);
}

/** A line an item, optionally with a strength behind a tab, comma or blank. Unknown items are counted and left out. */
function readHistory(file: string, items: readonly string[], output: CommandLineOutput): History {
  const at = new Map(items.map((id, position) => [id, position]));
  const found = new Map<number, number>();
  let unknown = 0;
  let repeated = 0;
  readLines(file, (line, number) => {
    const [id = '', strength = '1'] = line.split(/[\t,]|\s+/u);
    const value = Number(strength);
    if (!Number.isFinite(value) || value === 0)
      throw lineError(file, number, strength, 'Give strengths as numbers.');
    const item = at.get(id);
    if (item === undefined) unknown++;
    else {
      if (found.has(item)) repeated++;
      found.set(item, value);
    }
  });
  if (unknown > 0) output.err(`${unknown} items of the history are not the model's: left out.`);
  if (repeated > 0) output.err(`${repeated} items come again in the history: the last line of each counts.`);
  if (found.size === 0) output.err('The history is empty: these are the items that most people like.');
  const entries = [...found].sort(([a], [b]) => a - b);
  return {
    item: Int32Array.from(entries, ([item]) => item),
    strength: Float32Array.from(entries, ([, strength]) => strength),
  };
}

function readBytes(file: string): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(readFileSync(file));
  } catch (cause) {
    throw new AppError('input-invalid', `${file} cannot be read.`, {
      values: { file },
      remedy: 'Give the folder that fairshelf train --save wrote.',
      cause,
    });
  }
}

function readIds(file: string): readonly string[] {
  const content = new TextDecoder().decode(readBytes(file));
  let parsed: unknown;
  try {
    parsed = JSON.parse(content);
  } catch {
    throw damaged(file);
  }
  const items = (parsed as { readonly items?: unknown } | null)?.items;
  if (Array.isArray(items) && items.every((id) => typeof id === 'string')) return items;
  throw damaged(file);
}

function damaged(file: string): AppError {
  return new AppError('snapshot-corrupt', `${file} is damaged or belongs to another model.`, {
    values: { file },
    remedy: 'Train again.',
  });
}
