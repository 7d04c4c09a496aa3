import type { InteractionColumns } from '../../types.ts';
import { datasetOf, type Dataset } from '../evaluate/dataset.ts';
import { RELEVANT_STRENGTH } from '../evaluate/split.ts';
import { strengthMatrix } from '../matrix/interactions.ts';
import type { Task } from '../zoo/model.ts';

const DAY_SECONDS = 86_400;
/** Stars from which on a rated product counts as liked: the usual threshold. */
const RELEVANT_STARS = 4;

/** What a model of a task learns from, and what counts as found. */
export interface TaskDataset {
  readonly dataset: Dataset;
  readonly relevantFrom: number;
  readonly scale: { readonly min: number; readonly max: number } | null;
}

/**
 * A community's interactions as a model takes them: stars for a rating model (of a pair rated twice the latest), signed
 * strengths for the others. A pair's time is its latest event's.
 */
export function taskDataset(interactions: InteractionColumns, task: Task): TaskDataset {
  return task === 'rating'
    ? { dataset: ratings(interactions), relevantFrom: RELEVANT_STARS, scale: { min: 1, max: 5 } }
    : { dataset: strengths(interactions), relevantFrom: RELEVANT_STRENGTH, scale: null };
}

function ratings(columns: InteractionColumns): Dataset {
  const kept: number[] = [];
  for (let entry = 0; entry < columns.length; entry++) if ((columns.stars[entry] ?? 0) > 0) kept.push(entry);
  return datasetOf({
    users: columns.users,
    items: columns.items,
    user: Int32Array.from(kept, (entry) => columns.user[entry] ?? 0),
    item: Int32Array.from(kept, (entry) => columns.item[entry] ?? 0),
    value: Float32Array.from(kept, (entry) => columns.stars[entry] ?? 0),
    time: Float64Array.from(kept, (entry) => DAY_SECONDS * (columns.day[entry] ?? 0)),
  }).dataset;
}

function strengths(columns: InteractionColumns): Dataset {
  const matrix = strengthMatrix(columns, null);
  const latest = new Map<number, number>();
  for (let entry = 0; entry < columns.length; entry++) {
    const pair = (columns.user[entry] ?? 0) * columns.items + (columns.item[entry] ?? 0);
    latest.set(pair, Math.max(latest.get(pair) ?? -Infinity, columns.day[entry] ?? 0));
  }
  const timestamps = new Float64Array(matrix.indices.length);
  for (let user = 0; user < matrix.rows; user++) {
    for (let entry = matrix.indptr[user] ?? 0; entry < (matrix.indptr[user + 1] ?? 0); entry++) {
      const pair = user * columns.items + (matrix.indices[entry] ?? 0);
      timestamps[entry] = DAY_SECONDS * (latest.get(pair) ?? 0);
    }
  }
  return { matrix, timestamps };
}
