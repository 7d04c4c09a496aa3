import { AppError } from '../../../errors.ts';
import { normalMatrix, Random } from '../../matrix/random.ts';
import { sigmoid, softplus } from '../objective.ts';
import type { LabelledPairs } from '../pairs/labelled-pairs.ts';

/** A matrix whose truth is known. */
export interface PlantedOptions {
  readonly users: number;
  readonly items: number;
  /** Dimensions of the planted vectors. */
  readonly rank: number;
  /** Standard deviation of the log-odds: the larger, the fewer labels are a matter of chance. */
  readonly logOddsDeviation: number;
  /** Part of the cells that is trained on; the others are held out. */
  readonly observed: number;
}

export interface PlantedMatrix {
  readonly train: LabelledPairs;
  readonly heldOut: LabelledPairs;
  /**
   * Mean entropy of the planted probabilities on the held-out cells, in nats: what the log-loss of the truth itself
   * would be on average over the labels' noise. No model can be expected to do better.
   */
  readonly bayesFloor: number;
  /** Log-loss of the planted probabilities on the very labels that were drawn. */
  readonly truthLogLoss: number;
}

/**
 * Planted logistic factorization: θ_u and α_i standard normal of `rank` dimensions, log-odds
 * x_ui = deviation / √rank · α_iᵀθ_u, labels drawn with P(y = 1) = σ(x_ui), every cell once, each observed with
 * probability `observed`. Throws `input-invalid`.
 */
export function plantedMatrix(options: PlantedOptions, seed: number): PlantedMatrix {
  check(options);
  const { users, items, rank, logOddsDeviation, observed } = options;
  const theta = normalMatrix(users, rank, 1, seed);
  const alpha = normalMatrix(items, rank, 1, seed ^ 0x5eed);
  const random = new Random(seed ^ 0x1abe1);
  const scale = logOddsDeviation / Math.sqrt(rank);
  const train = new Cells();
  const heldOut = new Cells();
  let [entropy, logLoss] = [0, 0];
  for (let user = 0; user < users; user++) {
    for (let item = 0; item < items; item++) {
      let dot = 0;
      for (let f = 0; f < rank; f++) dot += (theta[user * rank + f] ?? 0) * (alpha[item * rank + f] ?? 0);
      const x = scale * dot;
      const probability = sigmoid(x);
      const label = random.uniform() < probability ? 1 : 0;
      if (random.uniform() < observed) {
        train.add(user, item, label);
        continue;
      }
      heldOut.add(user, item, label);
      // H(σ(x)) = softplus(x) − σ(x) x
      entropy += softplus(x) - probability * x;
      logLoss += softplus(x) - label * x;
    }
  }
  return {
    train: train.pairs(users, items),
    heldOut: heldOut.pairs(users, items),
    bayesFloor: entropy / heldOut.length,
    truthLogLoss: logLoss / heldOut.length,
  };
}

class Cells {
  readonly #user: number[] = [];
  readonly #item: number[] = [];
  readonly #label: number[] = [];

  get length(): number {
    return this.#user.length;
  }

  add(user: number, item: number, label: number): void {
    this.#user.push(user);
    this.#item.push(item);
    this.#label.push(label);
  }

  pairs(users: number, items: number): LabelledPairs {
    return {
      users,
      items,
      user: Int32Array.from(this.#user),
      item: Int32Array.from(this.#item),
      label: Float32Array.from(this.#label),
      weight: null,
    };
  }
}

function check({ users, items, rank, logOddsDeviation, observed }: PlantedOptions): void {
  const rules = [
    ['users', users, Number.isInteger(users) && users >= 1 && users <= 20_000],
    ['items', items, Number.isInteger(items) && items >= 1 && items <= 20_000],
    ['rank', rank, Number.isInteger(rank) && rank >= 1 && rank <= 64],
    ['logOddsDeviation', logOddsDeviation, logOddsDeviation > 0 && logOddsDeviation <= 1e6],
    ['observed', observed, observed > 0 && observed < 1],
  ] as const;
  for (const [name, value, sound] of rules) {
    if (sound) continue;
    throw new AppError('input-invalid', `The planted matrix cannot have ${name} ${value}.`, {
      values: { name, value: String(value) },
    });
  }
}
