import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  alignTo,
  between,
  type MapPoints,
  mapGroups,
  nearest,
  toCanvas,
} from '../../../src/routes/train/charts/item-map.ts';

const points = (pairs: readonly (readonly [number, number])[]): MapPoints => ({
  x: Float32Array.from(pairs, ([x]) => x),
  y: Float32Array.from(pairs, ([, y]) => y),
});
const SHAPE = points([
  [1, 0],
  [0, 0.5],
  [-0.3, -0.2],
  [0.4, 0.9],
]);
const turn = (shape: MapPoints, angle: number, mirror: boolean): MapPoints =>
  points(
    [...shape.x].map((x, i) => {
      const y = (shape.y[i] ?? 0) * (mirror ? -1 : 1);
      return [Math.cos(angle) * x - Math.sin(angle) * y, Math.sin(angle) * x + Math.cos(angle) * y] as const;
    }),
  );

describe('the map of tastes', () => {
  it('undoes any rotation and mirroring of the principal axes', () => {
    fc.assert(
      fc.property(fc.double({ min: -7, max: 7, noNaN: true }), fc.boolean(), (angle, mirror) => {
        const aligned = alignTo(SHAPE, turn(SHAPE, angle, mirror));
        for (let i = 0; i < 4; i++) {
          expect(aligned.x[i]).toBeCloseTo(SHAPE.x[i]!, 5);
          expect(aligned.y[i]).toBeCloseTo(SHAPE.y[i]!, 5);
        }
      }),
      { seed: 7 },
    );
  });

  it('leaves a map of another size, or one without extent, as it is', () => {
    const other = points([[0.5, 0.5]]);
    expect(alignTo(SHAPE, other)).toBe(other);
    const flat = points([
      [0, 0],
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
    expect(alignTo(SHAPE, flat)).toBe(flat);
  });

  it('moves on a straight line from one state to the next', () => {
    const half = between(points([[-1, 0]]), points([[1, 1]]), 0.5);
    expect([half.x[0], half.y[0]]).toEqual([0, 0.5]);
  });

  it('fills the frame with y upwards', () => {
    const frame = { width: 200, height: 100, padding: 10 };
    const corners = points([
      [-1, 1],
      [1, -1],
    ]);
    expect(toCanvas(corners, 0, frame)).toEqual([10, 10]);
    expect(toCanvas(corners, 1, frame)).toEqual([190, 90]);
  });

  it('finds the item under the pointer, and none far away', () => {
    const frame = { width: 200, height: 200, padding: 0 };
    const two = points([
      [-0.5, 0.5],
      [0.5, -0.5],
    ]);
    expect(nearest(two, frame, [52, 49], 10)).toBe(0);
    expect(nearest(two, frame, [149, 151], 10)).toBe(1);
    expect(nearest(two, frame, [100, 100], 10)).toBeNull();
  });

  it('says the map in words: sizes, centres and nearest neighbours of groups', () => {
    const groups = mapGroups(
      points([
        [0, 0],
        [0.2, 0],
        [0.3, 0.1],
        [-1, -1],
      ]),
      ['tea', 'tea', 'kitchen', 'garden'],
    );
    expect(groups.map(({ key, items, neighbour }) => [key, items, neighbour])).toEqual([
      ['tea', 2, 'kitchen'],
      ['kitchen', 1, 'tea'],
      ['garden', 1, 'tea'],
    ]);
    expect(groups[0]!.x).toBeCloseTo(0.1, 6);
  });
});
