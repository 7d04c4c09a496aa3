import { readFileSync } from 'node:fs';
import { AppError } from '../../lib/errors.ts';
import type { PackFactors } from '../../lib/pack/types.ts';
import type { PackContent } from '../../lib/pack/write.ts';
import type { InteractionColumns } from '../../lib/types.ts';
import type { CommandLineOutput } from '../output.ts';
import { placed } from './external-factors.ts';
import { readFactorTable } from './factor-files/read.ts';
import type { PublishOptions } from './options.ts';
import { privacyGate, type GateOptions, type GateReport } from './privacy-gate.ts';
import { singlingOut } from './singling-out.ts';
import { withinBudget, type BudgetStep } from './size-budget.ts';
import { communityOf, measured, trainFactors } from './train-factors.ts';

/** Items that an attacker is taken to know of somebody: what a friend or a photo tells. */
const KNOWN_ITEMS = 4;
const NUMBER = new Intl.NumberFormat('en');
const PERCENT = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });

/**
 * What is to be published of a shop's data: the gate's work, a model where one is wanted, within the size budget. Writes
 * to `err` what was removed and what the pack still tells. Throws what its steps throw.
 */
export async function publish(
  source: PackContent,
  options: PublishOptions,
  output: CommandLineOutput,
): Promise<PackContent> {
  const { content, report } = privacyGate(source, options.gate);
  if (isShut(options.gate)) gateLines(report).forEach((line) => output.err(line));
  const model = await modelOf(content, options, output);
  const shared = options.share === 'events' ? content : { ...content, interactions: null };
  const whole = model === null ? shared : await sized(shared, content, model, options, output);
  riskLines(whole, options.gate.seed).forEach((line) => output.err(line));
  return whole;
}

async function modelOf(
  content: PackContent,
  { train, external }: PublishOptions,
  output: CommandLineOutput,
): Promise<PackFactors | null> {
  if (external === null) return train ? trainFactors(communityOf(content), content, {}, output) : null;
  const { file, idsFile, objective } = external;
  const table = await readFactorTable(file);
  const ids = idsFile === null ? null : idLines(idsFile);
  const { model, missing, unknown } = placed(file, table, ids, content.items, objective);
  output.err(
    `${NUMBER.format(table.rows)} rows of ${table.factors} factors; ${NUMBER.format(missing)} items without one, ` +
      `${NUMBER.format(unknown)} rows without an item`,
  );
  return model;
}

async function sized(
  shared: PackContent,
  { interactions }: PackContent,
  model: PackFactors,
  options: PublishOptions,
  output: CommandLineOutput,
): Promise<PackContent> {
  const trained = options.external === null;
  const { content, steps } = await withinBudget(shared, model, options.maxBytes, {
    measured: (one, bits) =>
      interactions === null || interactions.length === 0 ? one : measured(one, interactions, bits),
    retrained: (factors) =>
      trained ? trainFactors(interactions ?? nobody(), shared, { factors }, output) : Promise.resolve(null),
  });
  steps.forEach((step) => output.err(stepLine(step)));
  return content;
}

function nobody(): InteractionColumns {
  throw new AppError('not-enough-data', 'There are no events to train on.');
}

function stepLine({ factors, bits, bytes, ndcgAt10 }: BudgetStep): string {
  const quality = ndcgAt10 > 0 ? `, NDCG@10 ${ndcgAt10.toFixed(4)}` : '';
  return `${factors} factors in ${bits} bits: ${NUMBER.format(bytes)} bytes${quality}`;
}

/** Whether the gate may leave anything out. */
function isShut({ minEvents, kAnonymity, coarsenDays, allowReviews }: GateOptions): boolean {
  return minEvents > 1 || kAnonymity > 1 || coarsenDays > 1 || !allowReviews;
}

/** What was removed, for people. */
export function gateLines(report: GateReport): readonly string[] {
  const { shoppers, events, rareItems, reviewsRemoved, coarsenDays } = report;
  const gone = (before: number, after: number): string =>
    `${NUMBER.format(before - after)} of ${NUMBER.format(before)}`;
  return [
    'Privacy gate:',
    `  ${gone(shoppers.before, shoppers.after)} shoppers left out, and ${gone(events.before, events.after)} events`,
    `  ${NUMBER.format(rareItems)} items too rare to show who touched them; they stay in the catalogue`,
    `  ${NUMBER.format(reviewsRemoved)} reviews left out`,
    coarsenDays > 1 ? `  days rounded down to ${coarsenDays}` : '  days as they were',
    '  shoppers are numbers in random order',
  ];
}

/** What somebody who has the pack can still learn of people in it. */
export function riskLines({ interactions, factors }: PackContent, seed: number): readonly string[] {
  const lines = ['What the pack still tells:'];
  if (interactions === null || interactions.length === 0) {
    lines.push('  no row of any shopper');
  } else {
    const { share, tried, known } = singlingOut(interactions, KNOWN_ITEMS, seed);
    lines.push(
      `  whoever knows ${known} things a shopper touched finds their row, and with it all the rest, for ` +
        `${PERCENT.format(share)} of shoppers (${NUMBER.format(tried)} tried)`,
    );
  }
  if (factors !== undefined) {
    lines.push(
      '  item factors show which items go together; with them and all but one of somebody’s items one may guess, ' +
        'better than by chance, whether that person was in the data (membership inference, arXiv 2301.03596)',
    );
  }
  return lines;
}

function idLines(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8')
      .split(/\r?\n/u)
      .filter((line) => line !== '');
  } catch (cause) {
    throw new AppError('import-invalid', `${file} cannot be read.`, {
      values: { file },
      remedy: 'Check the path.',
      cause,
    });
  }
}
