// One workgroup a row: builds A = α0 G + Σ |d| y yᵀ + ridge I and b = Σ |d| p y, factorizes A = L Lᵀ (Cholesky,
// in place) and solves for x.
//
// A lives in 4 × 4 tiles of its lower triangle, in storage: it has any size, one region per workgroup in flight.
// Tile (i, j), j ≤ i, is number i (i + 1) / 2 + j, a matrix whose columns run over j: tile[c][r] = A[4 i + r][4 j + c].
// b is carried along as one more row of A, so that the factorization does the forward substitution too.
// Padding rows and columns have only the ridge on their diagonal and 0 in b: their unknowns become 0.

// One subgroup of most GPUs: its barriers cost next to nothing, and the systems of small rows do not leave lanes idle.
const LANES = 32u;
// vec4f of factors held in workgroup memory: 8 KiB, half of what every device has.
const STAGE = 512u;
// 512 factors.
const MAX_BLOCKS = 128u;

@group(0) @binding(0) var<uniform> parameters: Parameters;
// rows + 1 offsets into entries.
@group(0) @binding(1) var<storage, read> indptr: array<u32>;
// (column, bits of the signed weight d); p = 1 where d > 0.
@group(0) @binding(2) var<storage, read> entries: array<vec2u>;
// columns × blocks; a block is 4 factors, the last one padded with zeros.
@group(0) @binding(3) var<storage, read> fixed: array<vec4f>;
// factors × blocks: G = YᵀY row by row.
@group(0) @binding(4) var<storage, read> gram: array<vec4f>;
// rows; in x.
@group(0) @binding(5) var<storage, read> ridge: array<vec4f>;
// Tiles of A, one region of parameters.tiles per workgroup.
@group(0) @binding(6) var<storage, read_write> tiles: array<mat4x4f>;
// rows × blocks.
@group(0) @binding(7) var<storage, read_write> solved: array<vec4f>;
// Rows whose A is not positive definite.
@group(0) @binding(8) var<storage, read_write> failures: atomic<u32>;

var<workgroup> stage: array<vec4f, STAGE>;
// (|d|, |d| p) of the entries in stage.
var<workgroup> stage_weights: array<vec2f, STAGE>;
// b, then z = L⁻¹ b.
var<workgroup> right_side: array<vec4f, MAX_BLOCKS>;

// Where this workgroup's region of tiles begins.
var<private> region: u32;

fn tile_number(i: u32, j: u32) -> u32 {
  return region + i * (i + 1u) / 2u + j;
}

fn tile_position(tile: u32) -> vec2u {
  // The root is rounded: put it right by looking at the neighbours.
  var i = u32((sqrt(8.0 * f32(tile) + 1.0) - 1.0) / 2.0);
  if (i * (i + 1u) / 2u > tile) {
    i -= 1u;
  }
  if ((i + 1u) * (i + 2u) / 2u <= tile) {
    i += 1u;
  }
  return vec2u(i, tile - i * (i + 1u) / 2u);
}

// α0 G + ridge I at a tile.
fn base_tile(position: vec2u, ridge_of_row: f32) -> mat4x4f {
  var rows = mat4x4f();
  for (var r = 0u; r < 4u; r++) {
    let row = 4u * position.x + r;
    if (row < parameters.factors) {
      rows[r] = parameters.unobserved_weight * gram[row * parameters.blocks + position.y];
    }
    if (position.x == position.y) {
      rows[r][r] += ridge_of_row;
    }
  }
  return transpose(rows);
}

// A and b of one row. Takes as many tiles at a time as there are lanes, and goes through the entries for each.
fn accumulate(row: u32, lane: u32) {
  let blocks = parameters.blocks;
  let begin = indptr[row];
  let end = indptr[row + 1u];
  let entries_at_once = STAGE / blocks;
  for (var b = lane; b < blocks; b += LANES) {
    right_side[b] = vec4f();
  }
  for (var first_tile = 0u; first_tile < parameters.tiles; first_tile += LANES) {
    let tile = first_tile + lane;
    let has_tile = tile < parameters.tiles;
    let position = tile_position(tile);
    var sum = mat4x4f();
    if (has_tile) {
      sum = base_tile(position, ridge[row].x);
    }
    for (var first = begin; first < end; first += entries_at_once) {
      let count = min(entries_at_once, end - first);
      for (var at = lane; at < count * blocks; at += LANES) {
        let column = entries[first + at / blocks].x;
        stage[at] = fixed[column * blocks + at % blocks];
      }
      for (var at = lane; at < count; at += LANES) {
        let signed_weight = bitcast<f32>(entries[first + at].y);
        stage_weights[at] = vec2f(abs(signed_weight), max(signed_weight, 0.0));
      }
      workgroupBarrier();
      if (has_tile) {
        // A sum of its own for the entries at hand keeps 32-bit rounding of long rows small.
        var local = mat4x4f();
        for (var e = 0u; e < count; e++) {
          let y_i = stage[e * blocks + position.x] * stage_weights[e].x;
          let y_j = stage[e * blocks + position.y];
          local += mat4x4f(y_i * y_j.x, y_i * y_j.y, y_i * y_j.z, y_i * y_j.w);
        }
        sum += local;
      }
      if (first_tile == 0u) {
        for (var b = lane; b < blocks; b += LANES) {
          var local = vec4f();
          for (var e = 0u; e < count; e++) {
            local += stage[e * blocks + b] * stage_weights[e].y;
          }
          right_side[b] += local;
        }
      }
      workgroupBarrier();
    }
    if (has_tile) {
      tiles[region + tile] = sum;
    }
  }
}

struct Factored {
  tile: mat4x4f,
  sound: bool,
}

// A pivot that is not above 0 becomes 1, to go on with something finite: the host hears of it and throws the row
// away.
fn pivot_or_one(pivot: f32) -> f32 {
  return select(1.0, pivot, pivot > 0.0);
}

// L of a diagonal tile, column by column; the upper triangle of the result is 0. Written out: indices that are
// known at compile time keep tiles in registers.
fn factor_tile(a: mat4x4f) -> Factored {
  let p0 = a[0][0];
  let l0 = a[0] / sqrt(pivot_or_one(p0));
  let c1 = a[1] - l0 * l0.y;
  let l1 = c1 / sqrt(pivot_or_one(c1.y));
  let c2 = a[2] - l0 * l0.z - l1 * l1.z;
  let l2 = c2 / sqrt(pivot_or_one(c2.z));
  let c3 = a[3] - l0 * l0.w - l1 * l1.w - l2 * l2.w;
  let l3 = c3 / sqrt(pivot_or_one(c3.w));
  let sound = p0 > 0.0 && c1.y > 0.0 && c2.z > 0.0 && c3.w > 0.0;
  return Factored(
    mat4x4f(l0, vec4f(0.0, l1.yzw), vec4f(0.0, 0.0, l2.zw), vec4f(0.0, 0.0, 0.0, l3.w)),
    sound,
  );
}

// X of X Lᵀ = A: a tile below the diagonal.
fn solve_tile(l: mat4x4f, a: mat4x4f) -> mat4x4f {
  let x0 = a[0] / l[0].x;
  let x1 = (a[1] - x0 * l[0].y) / l[1].y;
  let x2 = (a[2] - x0 * l[0].z - x1 * l[1].z) / l[2].z;
  let x3 = (a[3] - x0 * l[0].w - x1 * l[1].w - x2 * l[2].w) / l[3].w;
  return mat4x4f(x0, x1, x2, x3);
}

// z of L z = b.
fn solve_forward(l: mat4x4f, b: vec4f) -> vec4f {
  let z0 = b.x / l[0].x;
  let z1 = (b.y - l[0].y * z0) / l[1].y;
  let z2 = (b.z - l[0].z * z0 - l[1].z * z1) / l[2].z;
  let z3 = (b.w - l[0].w * z0 - l[1].w * z1 - l[2].w * z2) / l[3].w;
  return vec4f(z0, z1, z2, z3);
}

// x of Lᵀ x = z.
fn solve_backward(l: mat4x4f, z: vec4f) -> vec4f {
  let x3 = z.w / l[3].w;
  let x2 = (z.z - l[2].w * x3) / l[2].z;
  let x1 = (z.y - l[1].z * x2 - l[1].w * x3) / l[1].y;
  let x0 = (z.x - l[0].y * x1 - l[0].z * x2 - l[0].w * x3) / l[0].x;
  return vec4f(x0, x1, x2, x3);
}

// Right-looking, a column of tiles at a time: L over A, z over b.
fn factorize(lane: u32) {
  let blocks = parameters.blocks;
  for (var p = 0u; p < blocks; p++) {
    // Every lane factors the diagonal tile for itself: that is cheaper than waiting for one that does.
    let diagonal = factor_tile(tiles[tile_number(p, p)]);
    let z = solve_forward(diagonal.tile, right_side[p]);
    for (var i = p + 1u + lane; i < blocks; i += LANES) {
      let at = tile_number(i, p);
      tiles[at] = solve_tile(diagonal.tile, tiles[at]);
    }
    storageBarrier();
    workgroupBarrier();
    if (lane == 0u) {
      tiles[tile_number(p, p)] = diagonal.tile;
      right_side[p] = z;
      if (!diagonal.sound) {
        atomicAdd(&failures, 1u);
      }
    }
    let left = blocks - p - 1u;
    for (var t = lane; t < left * (left + 1u) / 2u; t += LANES) {
      let position = tile_position(t) + p + 1u;
      let at = tile_number(position.x, position.y);
      tiles[at] -= tiles[tile_number(position.x, p)] * transpose(tiles[tile_number(position.y, p)]);
    }
    for (var i = p + 1u + lane; i < blocks; i += LANES) {
      right_side[i] -= tiles[tile_number(i, p)] * z;
    }
    storageBarrier();
    workgroupBarrier();
  }
}

// Lᵀ x = z, from the last block up.
fn substitute_back(row: u32, lane: u32) {
  let blocks = parameters.blocks;
  for (var step = 0u; step < blocks; step++) {
    let p = blocks - 1u - step;
    let x = solve_backward(tiles[tile_number(p, p)], right_side[p]);
    if (lane == 0u) {
      solved[row * blocks + p] = x;
    }
    for (var j = lane; j < p; j += LANES) {
      right_side[j] -= x * tiles[tile_number(p, j)];
    }
    workgroupBarrier();
  }
}

@compute @workgroup_size(LANES)
fn row_solve(
  @builtin(workgroup_id) group_id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let slot = group_id.y * groups.x + group_id.x;
  // The second dimension of the grid may reach past the last row.
  if (slot >= parameters.count) {
    return;
  }
  let row = parameters.first + slot;
  if (indptr[row] == indptr[row + 1u]) {
    for (var b = lane; b < parameters.blocks; b += LANES) {
      solved[row * parameters.blocks + b] = vec4f();
    }
    return;
  }
  region = slot * parameters.tiles;
  accumulate(row, lane);
  storageBarrier();
  workgroupBarrier();
  factorize(lane);
  substitute_back(row, lane);
}
