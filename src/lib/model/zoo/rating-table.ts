import type { RatingColumns } from '../explicit/ratings.ts';
import type { CsrMatrix } from '../matrix/csr.ts';
import { entryRows } from '../evaluate/dataset.ts';

/** A matrix of ratings as columns, one entry a rating. */
export function ratingColumns(train: CsrMatrix, timestamps: Float64Array<ArrayBuffer> | null): RatingColumns {
  return {
    users: train.rows,
    items: train.columns,
    user: entryRows(train),
    item: train.indices,
    rating: train.data,
    ...(timestamps === null ? {} : { time: timestamps }),
  };
}
