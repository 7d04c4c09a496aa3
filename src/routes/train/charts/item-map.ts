/** Positions of items on the map of tastes, each in [-1, 1]; one entry an item. */
export interface MapPoints {
  readonly x: Float32Array;
  readonly y: Float32Array;
}

/** A rectangle of the canvas in CSS pixels. */
export interface MapFrame {
  readonly width: number;
  readonly height: number;
  /** Space kept free on every side. */
  readonly padding: number;
}

/**
 * `points` turned (and mirrored, where that fits better) onto `reference` by the orthogonal Procrustes solution
 * in two dimensions: principal axes have no natural sign or order, so without it a map would jump between two
 * checkpoints. Distances do not change. Returns `points` where the lengths differ.
 */
export function alignTo(reference: MapPoints, points: MapPoints): MapPoints {
  const length = points.x.length;
  if (reference.x.length !== length) return points;
  let xx = 0;
  let xy = 0;
  let yx = 0;
  let yy = 0;
  for (let i = 0; i < length; i++) {
    const [x, y] = [points.x[i] ?? 0, points.y[i] ?? 0];
    const [rx, ry] = [reference.x[i] ?? 0, reference.y[i] ?? 0];
    xx += rx * x;
    xy += rx * y;
    yx += ry * x;
    yy += ry * y;
  }
  // max trace(RᵀM) over rotations is |(xx + yy, yx − xy)|, over reflections |(xx − yy, yx + xy)|.
  const rotation = Math.hypot(xx + yy, yx - xy);
  const reflection = Math.hypot(xx - yy, yx + xy);
  const mirrored = reflection > rotation;
  const norm = mirrored ? reflection : rotation;
  if (!(norm > 0)) return points;
  const cos = (mirrored ? xx - yy : xx + yy) / norm;
  const sin = (mirrored ? yx + xy : yx - xy) / norm;
  const sign = mirrored ? -1 : 1;
  const aligned = { x: new Float32Array(length), y: new Float32Array(length) };
  for (let i = 0; i < length; i++) {
    const [x, y] = [points.x[i] ?? 0, points.y[i] ?? 0];
    aligned.x[i] = cos * x - sign * sin * y;
    aligned.y[i] = sin * x + sign * cos * y;
  }
  return aligned;
}

/** The map between two states, `t` from 0 to 1. `to` where the lengths differ. */
export function between(from: MapPoints, to: MapPoints, t: number): MapPoints {
  if (from.x.length !== to.x.length) return to;
  const mix = (a: Float32Array, b: Float32Array): Float32Array =>
    a.map((value, index) => value + ((b[index] ?? 0) - value) * t);
  return { x: mix(from.x, to.x), y: mix(from.y, to.y) };
}

/** Where an item lies on the canvas, in CSS pixels. The map fills the frame; its y axis points up. */
export function toCanvas(
  points: MapPoints,
  item: number,
  { width, height, padding }: MapFrame,
): readonly [number, number] {
  const x = points.x[item] ?? 0;
  const y = points.y[item] ?? 0;
  return [padding + ((x + 1) / 2) * (width - 2 * padding), padding + ((1 - y) / 2) * (height - 2 * padding)];
}

/** The item nearest to a place of the canvas, no further than `reach` CSS pixels; null where there is none. */
export function nearest(
  points: MapPoints,
  frame: MapFrame,
  at: readonly [number, number],
  reach: number,
): number | null {
  let best: number | null = null;
  let bestDistance = reach;
  for (let item = 0; item < points.x.length; item++) {
    const [x, y] = toCanvas(points, item, frame);
    const distance = Math.hypot(x - at[0], y - at[1]);
    if (distance <= bestDistance) {
      best = item;
      bestDistance = distance;
    }
  }
  return best;
}

/** A group of items on the map: its centre, how many it has, and which other group's centre is nearest. */
export interface MapGroup {
  readonly key: string;
  readonly items: number;
  readonly x: number;
  readonly y: number;
  /** Key of the nearest other group; null where there is only one. */
  readonly neighbour: string | null;
}

/** The map in words: groups (categories) in order of first appearance. `groupOf` has one key an item. */
export function mapGroups(points: MapPoints, groupOf: readonly string[]): readonly MapGroup[] {
  const sums = new Map<string, { items: number; x: number; y: number }>();
  groupOf.forEach((key, item) => {
    const sum = sums.get(key) ?? { items: 0, x: 0, y: 0 };
    sum.items += 1;
    sum.x += points.x[item] ?? 0;
    sum.y += points.y[item] ?? 0;
    sums.set(key, sum);
  });
  const centres = [...sums].map(([key, { items, x, y }]) => ({ key, items, x: x / items, y: y / items }));
  return centres.map((centre) => {
    const others = centres
      .filter((other) => other.key !== centre.key)
      .toSorted(
        (left, right) =>
          Math.hypot(left.x - centre.x, left.y - centre.y) -
          Math.hypot(right.x - centre.x, right.y - centre.y),
      );
    return { ...centre, neighbour: others[0]?.key ?? null };
  });
}
