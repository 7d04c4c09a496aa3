import { F32, multiplyAdd, sumsOfFour } from './arithmetic';
import { backSubstitute, choleskyFactor } from './cholesky';
import { dot } from './dots';
import { syrk } from './syrk';

/**
 * A half-iteration in the eigenbasis of the Gram matrix, G = QΛQᵀ: the matrix of row u is D + ỸᵀWỸ with
 * Ỹ = YQ, W = diag(|d_ui|) and D = α0Λ + ridge_u I diagonal. Addresses in bytes; in the order in which
 * `row-systems.ts` writes them.
 */
@unmanaged
class RowSystem {
  /** Entries of the CSR matrix. */
  indptr: usize;
  indices: usize;
  data: usize;
  /** Ỹ, rows of `width` floats, 0 from k on. */
  rotated: usize;
  /** α0Λ, `width` floats, 1 from k on. */
  spectrum: usize;
  ridge: usize;
  k: i32;
  /** k rounded up to a multiple of 8. */
  width: i32;
  /** A panel P: max(k + 4, PANEL_ROWS) rows of `stride` bytes. */
  panel: usize;
  /** A normal matrix: `stride` bytes a row. */
  normal: usize;
  stride: usize;
  /** `width` + 8 floats each. */
  inverses: usize;
  dual: usize;
  deviation: usize;
  right: usize;
  /** `width` floats of zeros. */
  zeros: usize;
}

/** Entries gathered into a panel at once by `accumulate`. */
const PANEL_ROWS = 32;

/**
 * Solves rows [first, end) by their duals into x̃, rows of `width` floats; `quality` takes choleskyFactor's result
 * of each, `objectives` the minimum that is reached (64-bit floats). Rows have at most k entries.
 *
 * With P = D^-½ỸᵀW^½ (k × n) and g = W^½ p the solution is D^-½P v, where (I + PᵀP) v = g (Woodbury): n × n instead
 * of k × k, and no eigenvalue below 1. The minimum is gᵀg − bᵀx with bᵀx = gᵀPᵀP v = gᵀ(g − v), so gᵀv.
 */
export function solveDuals(
  system: RowSystem,
  first: i32,
  end: i32,
  x: usize,
  quality: usize,
  objectives: usize,
): void {
  const bytes = <usize>system.width * F32;
  for (let row = first; row < end; row++) {
    const begin = load<i32>(system.indptr + <usize>row * 4);
    const n = load<i32>(system.indptr + <usize>row * 4, 4) - begin;
    if (n === 0) {
      memory.fill(x, 0, bytes);
      store<f32>(quality, 1);
      store<f64>(objectives, 0);
    } else {
      store<f32>(quality, solveDual(system, row, begin, n, x));
      store<f64>(objectives, <f64>dot(system.right, system.dual, n));
    }
    x += bytes;
    quality += F32;
    objectives += 8;
  }
}

function solveDual(system: RowSystem, row: i32, begin: i32, n: i32, x: usize): f32 {
  const columns = (n + 8) & ~7;
  // odd in units of 8 floats: rows of a power of two would share a few sets of the cache
  const stride = <usize>(columns | 8) * F32;
  const panel = system.panel;
  const normal = system.normal;
  const deviation = system.deviation;
  const bytes = <usize>system.width * F32;
  const ridge = f32x4.splat(load<f32>(system.ridge + <usize>row * F32));
  const one = f32x4.splat(1);
  for (let at: usize = 0; at < bytes; at += 16) {
    const d = f32x4.add(v128.load(system.spectrum + at), ridge);
    v128.store(deviation + at, f32x4.sqrt(f32x4.div(one, d)));
  }
  const indices = system.indices + <usize>begin * 4;
  const data = system.data + <usize>begin * F32;
  const right = system.right;
  for (let j = 0; j < columns; j += 4) gatherFour(system, indices, data, n, j, panel, stride, bytes, right);
  syrk(normal, stride, (n + 3) & ~3, columns, panel, stride, system.k, true);
  const diagonal = stride + F32;
  for (let j = 0; j < n; j++) {
    const at = normal + <usize>j * diagonal;
    store<f32>(at, load<f32>(at) + 1);
    store<f32>(normal + <usize>j * stride + <usize>n * F32, load<f32>(right + <usize>j * F32));
  }
  const quality = choleskyFactor(normal, stride, n, columns, system.inverses);
  if (!(quality > 0)) return 0;
  const dual = system.dual;
  backSubstitute(normal, stride, n, columns, system.inverses, dual);
  // x̃ = D^-½ P v
  const end = <usize>((n + 3) & ~3) * F32;
  for (let at: usize = 0; at < bytes; at += 16) {
    const p0 = panel + (at >> 2) * stride;
    const p1 = p0 + stride;
    const p2 = p1 + stride;
    const p3 = p2 + stride;
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    for (let j: usize = 0; j < end; j += 16) {
      const v = v128.load(dual + j);
      s0 = multiplyAdd(v, v128.load(p0 + j), s0);
      s1 = multiplyAdd(v, v128.load(p1 + j), s1);
      s2 = multiplyAdd(v, v128.load(p2 + j), s2);
      s3 = multiplyAdd(v, v128.load(p3 + j), s3);
    }
    v128.store(x + at, f32x4.mul(sumsOfFour(s0, s1, s2, s3), v128.load(deviation + at)));
  }
  return quality;
}

/** Columns j to j + 3 of P, and W^½p beside them; 0 where the row has no more entries. */
function gatherFour(
  system: RowSystem,
  indices: usize,
  data: usize,
  n: i32,
  j: i32,
  panel: usize,
  stride: usize,
  bytes: usize,
  right: usize,
): void {
  const zeros = system.zeros;
  let y0 = zeros;
  let y1 = zeros;
  let y2 = zeros;
  let y3 = zeros;
  let d0: f32 = 0;
  let d1: f32 = 0;
  let d2: f32 = 0;
  let d3: f32 = 0;
  const at = <usize>j * 4;
  if (j < n) {
    y0 = system.rotated + <usize>load<i32>(indices + at) * bytes;
    d0 = load<f32>(data + at);
  }
  if (j + 1 < n) {
    y1 = system.rotated + <usize>load<i32>(indices + at, 4) * bytes;
    d1 = load<f32>(data + at, 4);
  }
  if (j + 2 < n) {
    y2 = system.rotated + <usize>load<i32>(indices + at, 8) * bytes;
    d2 = load<f32>(data + at, 8);
  }
  if (j + 3 < n) {
    y3 = system.rotated + <usize>load<i32>(indices + at, 12) * bytes;
    d3 = load<f32>(data + at, 12);
  }
  const w0 = sqrt(abs(d0));
  const w1 = sqrt(abs(d1));
  const w2 = sqrt(abs(d2));
  const w3 = sqrt(abs(d3));
  store<f32>(right + at, d0 > 0 ? w0 : 0);
  store<f32>(right + at, d1 > 0 ? w1 : 0, 4);
  store<f32>(right + at, d2 > 0 ? w2 : 0, 8);
  store<f32>(right + at, d3 > 0 ? w3 : 0, 12);
  const v0 = f32x4.splat(w0);
  const v1 = f32x4.splat(w1);
  const v2 = f32x4.splat(w2);
  const v3 = f32x4.splat(w3);
  const deviation = system.deviation;
  let target = panel + at;
  for (let p: usize = 0; p < bytes; p += 16) {
    const scale = v128.load(deviation + p);
    const a0 = f32x4.mul(f32x4.mul(v128.load(y0 + p), scale), v0);
    const a1 = f32x4.mul(f32x4.mul(v128.load(y1 + p), scale), v1);
    const a2 = f32x4.mul(f32x4.mul(v128.load(y2 + p), scale), v2);
    const a3 = f32x4.mul(f32x4.mul(v128.load(y3 + p), scale), v3);
    const t0 = v128.shuffle<f32>(a0, a1, 0, 4, 1, 5);
    const t1 = v128.shuffle<f32>(a2, a3, 0, 4, 1, 5);
    const t2 = v128.shuffle<f32>(a0, a1, 2, 6, 3, 7);
    const t3 = v128.shuffle<f32>(a2, a3, 2, 6, 3, 7);
    v128.store(target, v128.shuffle<f64>(t0, t1, 0, 2));
    target += stride;
    v128.store(target, v128.shuffle<f64>(t0, t1, 1, 3));
    target += stride;
    v128.store(target, v128.shuffle<f64>(t2, t3, 0, 2));
    target += stride;
    v128.store(target, v128.shuffle<f64>(t2, t3, 1, 3));
    target += stride;
  }
}

/** Starts the k × k system of a row: its matrix becomes D, its right side 0. */
export function beginPrimal(system: RowSystem, row: i32): void {
  const stride = system.stride;
  const normal = system.normal;
  memory.fill(normal, 0, <usize>((system.k + 3) & ~3) * stride);
  memory.fill(system.right, 0, <usize>system.width * F32);
  const ridge = load<f32>(system.ridge + <usize>row * F32);
  for (let p = 0; p < system.k; p++) {
    const at = normal + <usize>p * (stride + F32);
    store<f32>(at, load<f32>(system.spectrum + <usize>p * F32) + ridge);
  }
}

/** Adds entries [begin, end) to the system begun: ỸᵀWỸ to its matrix, ỸᵀWp to its right side. */
export function accumulate(system: RowSystem, begin: i32, end: i32): void {
  const bytes = <usize>system.width * F32;
  const panel = system.panel;
  const stride = system.stride;
  const right = system.right;
  for (let first = begin; first < end; first += PANEL_ROWS) {
    const count = min(end - first, PANEL_ROWS);
    for (let entry = 0; entry < count; entry++) {
      const y = system.rotated + <usize>load<i32>(system.indices + <usize>(first + entry) * 4) * bytes;
      const d = load<f32>(system.data + <usize>(first + entry) * F32);
      const weight = f32x4.splat(sqrt(abs(d)));
      const liked = f32x4.splat(max<f32>(d, 0));
      const target = panel + <usize>entry * stride;
      for (let at: usize = 0; at < bytes; at += 16) {
        const value = v128.load(y + at);
        v128.store(target + at, f32x4.mul(weight, value));
        v128.store(right + at, multiplyAdd(liked, value, v128.load(right + at)));
      }
    }
    syrk(system.normal, stride, (system.k + 3) & ~3, system.width, panel, stride, count, false);
  }
}

/**
 * Solves the system begun for a row into x̃ (`width` floats, 0 from k on). `objective` takes the minimum that is
 * reached, Σ |d| p − bᵀx (a 64-bit float). Returns choleskyFactor's result.
 */
export function finishPrimal(system: RowSystem, row: i32, x: usize, objective: usize): f32 {
  const k = system.k;
  const stride = system.stride;
  const columns = (k + 8) & ~7;
  const at = system.normal + <usize>k * F32;
  for (let p = 0; p < k; p++) {
    store<f32>(at + <usize>p * stride, load<f32>(system.right + <usize>p * F32));
  }
  const quality = choleskyFactor(system.normal, stride, k, columns, system.inverses);
  if (!(quality > 0)) return 0;
  backSubstitute(system.normal, stride, k, system.width, system.inverses, x);
  let liked: f64 = 0;
  const last = load<i32>(system.indptr + <usize>row * 4, 4);
  for (let entry = load<i32>(system.indptr + <usize>row * 4); entry < last; entry++) {
    liked += <f64>max<f32>(load<f32>(system.data + <usize>entry * F32), 0);
  }
  store<f64>(objective, liked - <f64>dot(system.right, x, system.width));
  return quality;
}

/** target += source, `count` floats (a multiple of 4). */
export function addFloats(target: usize, source: usize, count: i32): void {
  const end = target + <usize>count * F32;
  while (target < end) {
    v128.store(target, f32x4.add(v128.load(target), v128.load(source)));
    target += 16;
    source += 16;
  }
}
