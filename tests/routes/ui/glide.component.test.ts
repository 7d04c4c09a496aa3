import { afterEach, expect, it } from 'vitest';
import { glide, NO_PLACES, placesOf } from '../../../src/routes/ui/glide.ts';

const DURATION_MS = 500;

afterEach(() => document.body.replaceChildren());

function list(count: number): HTMLElement {
  const parent = document.createElement('div');
  for (let index = 0; index < count; index++) {
    const child = document.createElement('div');
    child.style.blockSize = '20px';
    parent.append(child);
  }
  document.body.append(parent);
  return parent;
}

/** What each child is animated from. */
const starts = (parent: HTMLElement): (string | undefined)[] =>
  Array.from(parent.children, (child) => {
    const effect = child.getAnimations()[0]?.effect;
    const frame = effect instanceof KeyframeEffect ? effect.getKeyframes()[0] : undefined;
    return frame === undefined ? undefined : String(frame['translate'] ?? frame['opacity']);
  });

it('lets what moved glide from its old place, fades in what is new and leaves the rest alone', () => {
  const parent = list(3);
  const before = placesOf(parent.children);
  parent.append(parent.children[1]!);
  parent.append(list(1).children[0]!);
  glide(parent.children, before, DURATION_MS);
  expect(starts(parent)).toEqual([undefined, '0px 20px', '0px -20px', '0']);
});

it('moves nothing without earlier places or without time', () => {
  const parent = list(2);
  const before = placesOf(parent.children);
  parent.append(parent.children[0]!);
  glide(parent.children, NO_PLACES, DURATION_MS);
  glide(parent.children, before, 0);
  expect(starts(parent)).toEqual([undefined, undefined]);
});

it('measures nothing that is not laid out', async () => {
  const parent = list(2);
  parent.style.cssText = 'content-visibility: auto; position: absolute; top: 50000px';
  // Whether it is near the window is found out with the next frames.
  for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
  expect(placesOf(parent.children).size).toBe(0);
});
