import { AppError, type ErrorValues } from '../../errors.ts';
import { EVENT_KINDS, MODEL_KINDS, type ItemIndex, type ModelSnapshot } from '../../types.ts';
import type { ProfileEvent, RecommenderItem } from './types.ts';

/** No shelf is longer than this. */
export const MAX_LENGTH = 1000;

/** Checks a catalogue at the door. Throws `input-invalid` naming the item. */
export function checkItems(items: readonly RecommenderItem[]): void {
  items.forEach(({ popularity, ratingCounts }, item) => {
    if (!isCount(popularity)) refuse('An item has a popularity that cannot be.', { item, popularity });
    if (!ratingCounts.every(isCount)) refuse('An item has rating counts that cannot be.', { item });
  });
}

/** Checks that a snapshot fits a catalogue and is finite. Throws `snapshot-corrupt`. */
export function checkSnapshot(snapshot: ModelSnapshot, items: number): void {
  const { factors, itemFactors, model } = snapshot;
  const broken = (why: string, values: ErrorValues): never => {
    throw new AppError('snapshot-corrupt', why, { values, remedy: 'Train the model again.' });
  };
  if (!MODEL_KINDS.includes(model)) broken('The saved model is of an unknown kind.', { model });
  if (snapshot.items !== items) {
    broken('The saved model is of another catalogue.', { items, found: snapshot.items });
  }
  if (!Number.isInteger(factors) || factors < 1 || itemFactors.length !== items * factors) {
    broken('The saved model has the wrong size.', { items, factors, length: itemFactors.length });
  }
  const at = itemFactors.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) broken('The saved model holds a number that is not finite.', { at });
}

/** Checks a visitor's events against a catalogue. Throws `input-invalid` naming the event. */
export function checkEvents(events: readonly ProfileEvent[], items: number): void {
  for (const { id, item, kind, stars, seconds, at } of events) {
    if (!isItem(item, items)) refuse('An event names an item that is not there.', { id, item, items });
    if (!EVENT_KINDS.includes(kind)) refuse('An event is of an unknown kind.', { id, kind });
    if (!Number.isInteger(stars) || stars < 0 || stars > 5) {
      refuse('An event has stars that cannot be.', { id, stars });
    }
    if (!Number.isFinite(seconds) || seconds < 0) {
      refuse('An event has a duration that cannot be.', { id, seconds });
    }
    if (!Number.isFinite(at)) refuse('An event has a time that cannot be.', { id, at });
  }
}

/** Checks an item position. Throws `input-invalid`. */
export function checkItem(item: ItemIndex, items: number): void {
  if (!isItem(item, items)) refuse('There is no such item.', { item, items });
}

/** Checks how many entries are asked for. Throws `input-invalid`. */
export function checkLength(length: number): void {
  if (!Number.isInteger(length) || length < 1 || length > MAX_LENGTH) {
    refuse(`Ask for 1 to ${MAX_LENGTH} items.`, { length });
  }
}

function isItem(item: number, items: number): boolean {
  return Number.isInteger(item) && item >= 0 && item < items;
}

function isCount(value: number): boolean {
  return Number.isFinite(value) && value >= 0;
}

function refuse(message: string, values: ErrorValues): never {
  throw new AppError('input-invalid', message, { values });
}
