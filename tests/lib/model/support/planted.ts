import { Random } from '../../../../src/lib/model/matrix/random.ts';
import type { TrainRequest } from '../../../../src/lib/model/train/types.ts';
import { EVENT_KINDS, type InteractionColumns, type PackId } from '../../../../src/lib/types.ts';

const ORDER = EVENT_KINDS.indexOf('order');

export interface Planted {
  readonly columns: InteractionColumns;
  /** Group of a user and of an item: who buys what. */
  readonly groupOfUser: (user: number) => number;
  readonly groupOfItem: (item: number) => number;
}

/**
 * A community with planted tastes: users and items fall into groups in turn, and a user's orders come from the own
 * group but for a share of noise. Within a group the earlier items are more popular.
 */
export function plantedCommunity(
  users: number,
  items: number,
  groups: number,
  { ordersPerUser = 12, noise = 0.1, seed = 1 } = {},
): Planted {
  const random = new Random(seed);
  const user: number[] = [];
  const item: number[] = [];
  for (let shopper = 0; shopper < users; shopper++) {
    const group = shopper % groups;
    for (let order = 0; order < ordersPerUser; order++) {
      const choice =
        random.uniform() < noise
          ? random.below(items)
          : groups * Math.floor((items / groups) * random.uniform() ** 1.5) + group;
      user.push(shopper);
      item.push(Math.min(choice, items - 1));
    }
  }
  return {
    columns: {
      users,
      items,
      length: user.length,
      user: Int32Array.from(user),
      item: Int32Array.from(item),
      kind: new Uint8Array(user.length).fill(ORDER),
      stars: new Uint8Array(user.length),
      day: new Int32Array(user.length),
    },
    groupOfUser: (shopper) => shopper % groups,
    groupOfItem: (product) => product % groups,
  };
}

/** A request over these columns with a visitor who has done nothing. */
export function requestFor(
  interactions: InteractionColumns,
  change: Partial<TrainRequest> = {},
): TrainRequest {
  return {
    packId: 'planted' as PackId,
    packFingerprint: 'fingerprint',
    model: 'ials',
    hyperparameters: {},
    interactions,
    visitor: { item: new Int32Array(), strength: new Float32Array() },
    device: 'cpu',
    seed: 1,
    checkpoint: null,
    ...change,
  };
}
