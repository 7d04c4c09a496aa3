import { differencesFrom, publishedFor, recognise, type ProtocolDifference } from '../../lib/model/index.ts';
import type { LoadedData } from '../sources/load-data.ts';
import type { EvaluatePlan } from './options.ts';

const DIFFERENCE_TEXT = {
  split: 'another split',
  draw: 'other random parts',
  length: 'lists of another length',
  part: 'the published test part is missing here',
  stars: 'stars of another scale',
} as const satisfies Record<ProtocolDifference, string>;

/** Published rows of the data, where it is known, with what tells how they were measured from how this is. */
export async function publishedLines(
  { split, k }: Pick<EvaluatePlan, 'split' | 'k'>,
  { parts, users, items, rated }: LoadedData,
): Promise<readonly string[]> {
  const [train = 0, test = 0] = parts.map(({ dataset }) => dataset.matrix.indices.length);
  const shape = { users: users.length, items: items.length, rated };
  const known =
    recognise({ ...shape, interactions: train }) ?? recognise({ ...shape, interactions: train + test });
  if (known === null) return [];
  const tables = await publishedFor(known.data);
  return tables.flatMap(({ source, url, protocol, rows }) => {
    const own = { split: split.kind, k, part: known.part, wholeStars: false };
    const differences = differencesFrom(protocol, own).map((difference) => DIFFERENCE_TEXT[difference]);
    return [
      `Published on ${known.data} (${source}, ${url}): ${protocol.words}.`,
      differences.length === 0
        ? '  Measured as here.'
        : `  For orientation, not measured as here: ${differences.join(', ')}.`,
      ...rows.map(({ model, metrics }) => {
        const figures = Object.entries(metrics).map(([name, value]) => `${name} ${value.toFixed(4)}`);
        return `  ${model.padEnd(20)} ${figures.join('  ')}`;
      }),
    ];
  });
}
