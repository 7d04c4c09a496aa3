import { AppError } from '../../errors.ts';
import type { SavedModel } from './model.ts';

/** An array of a saved model by name, of the given shape. Throws `snapshot-corrupt`, for values that are not finite as well. */
export function savedFloats(
  saved: SavedModel,
  name: string,
  shape: readonly number[],
): Float32Array<ArrayBuffer> {
  const values = savedValues(saved, name, shape);
  if (!(values instanceof Float32Array)) throw corrupt(saved, `type of ${name}`);
  if (!values.every(Number.isFinite)) throw corrupt(saved, `non-finite ${name}`);
  return values;
}

/** As `savedFloats`, of whole numbers in [0, bound). */
export function savedPositions(
  saved: SavedModel,
  name: string,
  shape: readonly number[],
  bound: number,
): Int32Array<ArrayBuffer> {
  const values = savedValues(saved, name, shape);
  if (!(values instanceof Int32Array)) throw corrupt(saved, `type of ${name}`);
  if (!values.every((value) => value >= 0 && value < bound)) throw corrupt(saved, `range of ${name}`);
  return values;
}

/** Length of a saved vector whose length the model does not know beforehand. */
export function savedLength(saved: SavedModel, name: string): number {
  const length = saved.arrays[name]?.values.length;
  if (length === undefined) throw corrupt(saved, `no ${name}`);
  return length;
}

function savedValues(
  saved: SavedModel,
  name: string,
  shape: readonly number[],
): Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer> {
  const array = saved.arrays[name];
  if (array === undefined) throw corrupt(saved, `no ${name}`);
  const same = array.shape.length === shape.length && shape.every((size, axis) => array.shape[axis] === size);
  const length = shape.reduce((product, size) => product * size, 1);
  if (!same || array.values.length !== length) throw corrupt(saved, `shape of ${name}`);
  return array.values;
}

function corrupt({ kind }: SavedModel, flaw: string): AppError {
  return new AppError('snapshot-corrupt', `The saved ${kind} model is damaged (${flaw}).`, {
    values: { kind, flaw },
    remedy: 'Train it again.',
  });
}
