import type { HeldOutQuality, Hyperparameters, ModelSnapshot, PackId } from '../types.ts';
import { sealSnapshot } from './snapshot.ts';

/** A model that came with a pack. */
export interface ShopModel {
  readonly model: 'ials';
  readonly factors: number;
  /** Row-major, items × factors. */
  readonly itemFactors: Float32Array<ArrayBuffer>;
  readonly hyperparameters: Hyperparameters;
  readonly iterations: number;
  readonly interactions: number;
  readonly quality: HeldOutQuality;
  readonly trainer: string;
}

/**
 * The shop's own model as the snapshot that shelves are served from. `at`, milliseconds since 1970, is when the device
 * took it: what the visitor does from then on tells how well it predicts. Throws `training-diverged` as `sealSnapshot`.
 */
export function snapshotOfShop(
  shop: ShopModel,
  pack: { readonly packId: PackId; readonly fingerprint: string },
  at: number,
): Promise<ModelSnapshot> {
  const { model, factors, itemFactors, hyperparameters, iterations, interactions, quality, trainer } = shop;
  return sealSnapshot({
    packId: pack.packId,
    packFingerprint: pack.fingerprint,
    model,
    items: itemFactors.length / factors,
    factors,
    hyperparameters,
    itemFactors,
    device: 'shop',
    deviceName: trainer,
    seed: 0,
    iterations,
    interactions,
    trainedAt: at,
    trainSeconds: 0,
    quality,
  });
}
