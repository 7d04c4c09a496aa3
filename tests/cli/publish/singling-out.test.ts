import { describe, expect, it } from 'vitest';
import { singlingOut } from '../../../src/cli/publish/singling-out.ts';
import { InteractionBuilder } from '../../../src/lib/pack/interaction-builder.ts';
import type { InteractionColumns } from '../../../src/lib/types.ts';

function community(rows: readonly (readonly number[])[], items = 40): InteractionColumns {
  const builder = new InteractionBuilder();
  rows.forEach((own, user) =>
    own.forEach((item) => builder.add({ user, item, kind: 'order', stars: 0, day: 1 })),
  );
  return builder.build(rows.length, items);
}

describe('singlingOut', () => {
  it('finds everybody whose items nobody else has', () => {
    const rows = Array.from({ length: 8 }, (_, user) => [0, 1, 2, 3].map((at) => 4 * user + at));
    expect(singlingOut(community(rows), 4, 1)).toEqual({ known: 4, shoppers: 8, tried: 8, share: 1 });
  });

  it('finds nobody in a crowd of equals', () => {
    const rows = Array.from({ length: 20 }, () => [3, 5, 8, 13, 21]);
    expect(singlingOut(community(rows), 4, 1)).toMatchObject({ tried: 20, share: 0 });
  });

  it('counts whoever knows part of a row that only one row holds', () => {
    // two twins, and one who shares half of it with them
    const { share } = singlingOut(
      community([
        [0, 1, 2, 3],
        [0, 1, 2, 3],
        [0, 1, 8, 9],
      ]),
      4,
      1,
    );
    expect(share).toBeCloseTo(1 / 3);
  });

  it('takes only shoppers with enough items, however often they bought them', () => {
    expect(
      singlingOut(
        community([
          [0, 0, 0, 0, 1],
          [2, 3],
        ]),
        4,
        1,
      ),
    ).toEqual({ known: 4, shoppers: 0, tried: 0, share: 0 });
  });
});
