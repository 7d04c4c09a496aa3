// Solves many systems A x = b at once: A = L Lᵀ (Cholesky, in place), L z = b, Lᵀ x = z.
//
// Left-looking, a column of tiles of every system a call: factor_diagonal (one lane a system), then factor_panel (one
// lane a tile below it), then the next column; substitute_back at the end. Calls take the place of barriers: no lane
// waits for another, and all systems of a batch keep the device busy however small they are. A lane reads 128 floats
// for 512 multiply-adds.
//
// The lower triangle of A is kept in tiles as in row-system.wgsl; of a diagonal tile the quadrant above the diagonal
// is not used.

const LANES = 64u;

// TASK_FIELDS of tiles.ts.
struct Task {
  region: u32,
  order: u32,
  right: u32,
  row: u32,
  destination: u32,
  begin: u32,
  end: u32,
  dual: u32,
}

@group(0) @binding(0) var<uniform> parameters: Parameters;
// Those with more rows of tiles first.
@group(0) @binding(1) var<storage, read> tasks: array<Task>;
// A, then L.
@group(0) @binding(2) var<storage, read_write> tiles: array<mat4x4f>;
// b, then z = L⁻¹ b, then x where the system is dual.
@group(0) @binding(3) var<storage, read_write> right: array<vec4f>;
// destinations × blocks.
@group(0) @binding(4) var<storage, read_write> solved: array<vec4f>;
// Pivots that are not above 0.
@group(0) @binding(5) var<storage, read_write> failures: atomic<u32>;

struct Tile {
  q0: mat4x4f,
  q1: mat4x4f,
  q2: mat4x4f,
  q3: mat4x4f,
}

fn tile_at(task: Task, i: u32, j: u32) -> u32 {
  return 4u * (task.region + i * (i + 1u) / 2u + j);
}

fn load(at: u32) -> Tile {
  return Tile(tiles[at], tiles[at + 1u], tiles[at + 2u], tiles[at + 3u]);
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

// L of a diagonal quadrant, column by column; the upper triangle of the result is 0. Written out: indices that are
// known at compile time keep matrices in registers.
fn factor_quadrant(a: mat4x4f) -> Factored {
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

// X of X Lᵀ = A: a quadrant below or beside the diagonal.
fn solve_quadrant(l: mat4x4f, a: mat4x4f) -> mat4x4f {
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

// Lane: one of the first `count` systems. L of the diagonal tile of column `step`, and that part of z.
@compute @workgroup_size(LANES)
fn factor_diagonal(
  @builtin(workgroup_id) group_id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let id = (group_id.y * groups.x + group_id.x) * LANES + lane;
  if (id >= parameters.count) {
    return;
  }
  let task = tasks[id];
  let p = parameters.step;
  let at = tile_at(task, p, p);
  var a = load(at);
  var z0 = right[2u * (task.right + p)];
  var z1 = right[2u * (task.right + p) + 1u];
  for (var q = 0u; q < p; q++) {
    let l = load(tile_at(task, p, q));
    a.q0 -= l.q0 * transpose(l.q0) + l.q2 * transpose(l.q2);
    a.q1 -= l.q1 * transpose(l.q0) + l.q3 * transpose(l.q2);
    a.q3 -= l.q1 * transpose(l.q1) + l.q3 * transpose(l.q3);
    let y0 = right[2u * (task.right + q)];
    let y1 = right[2u * (task.right + q) + 1u];
    z0 -= l.q0 * y0 + l.q2 * y1;
    z1 -= l.q1 * y0 + l.q3 * y1;
  }
  let first = factor_quadrant(a.q0);
  let below = solve_quadrant(first.tile, a.q1);
  let second = factor_quadrant(a.q3 - below * transpose(below));
  tiles[at] = first.tile;
  tiles[at + 1u] = below;
  tiles[at + 3u] = second.tile;
  z0 = solve_forward(first.tile, z0);
  right[2u * (task.right + p)] = z0;
  right[2u * (task.right + p) + 1u] = solve_forward(second.tile, z1 - below * z0);
  if (!(first.sound && second.sound)) {
    atomicAdd(&failures, 1u);
  }
}

// Lane: a tile below the diagonal in column `step` of one of the first `count` systems, which have at most `order`
// rows of tiles.
@compute @workgroup_size(LANES)
fn factor_panel(
  @builtin(workgroup_id) group_id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let id = (group_id.y * groups.x + group_id.x) * LANES + lane;
  let p = parameters.step;
  let below = parameters.order - p - 1u;
  if (id / below >= parameters.count) {
    return;
  }
  let task = tasks[id / below];
  let i = p + 1u + id % below;
  if (i >= task.order) {
    return;
  }
  let at = tile_at(task, i, p);
  var a = load(at);
  for (var q = 0u; q < p; q++) {
    let l = load(tile_at(task, i, q));
    let m = load(tile_at(task, p, q));
    let m0 = transpose(m.q0);
    let m1 = transpose(m.q1);
    let m2 = transpose(m.q2);
    let m3 = transpose(m.q3);
    a.q0 -= l.q0 * m0 + l.q2 * m2;
    a.q1 -= l.q1 * m0 + l.q3 * m2;
    a.q2 -= l.q0 * m1 + l.q2 * m3;
    a.q3 -= l.q1 * m1 + l.q3 * m3;
  }
  let diagonal = tile_at(task, p, p);
  let first = tiles[diagonal];
  let beside = transpose(tiles[diagonal + 1u]);
  let second = tiles[diagonal + 3u];
  let x0 = solve_quadrant(first, a.q0);
  let x1 = solve_quadrant(first, a.q1);
  tiles[at] = x0;
  tiles[at + 1u] = x1;
  tiles[at + 2u] = solve_quadrant(second, a.q2 - x0 * beside);
  tiles[at + 3u] = solve_quadrant(second, a.q3 - x1 * beside);
}

// Lane: one of the first `count` systems. x from the last tile up.
@compute @workgroup_size(LANES)
fn substitute_back(
  @builtin(workgroup_id) group_id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let id = (group_id.y * groups.x + group_id.x) * LANES + lane;
  if (id >= parameters.count) {
    return;
  }
  let task = tasks[id];
  for (var left = task.order; left > 0u; left--) {
    let p = left - 1u;
    var x0 = right[2u * (task.right + p)];
    var x1 = right[2u * (task.right + p) + 1u];
    for (var i = left; i < task.order; i++) {
      let l = load(tile_at(task, i, p));
      let y0 = right[2u * (task.right + i)];
      let y1 = right[2u * (task.right + i) + 1u];
      // a row times a matrix is its transpose times the column
      x0 -= y0 * l.q0 + y1 * l.q1;
      x1 -= y0 * l.q2 + y1 * l.q3;
    }
    let diagonal = tile_at(task, p, p);
    x1 = solve_backward(tiles[diagonal + 3u], x1);
    x0 = solve_backward(tiles[diagonal], x0 - x1 * tiles[diagonal + 1u]);
    right[2u * (task.right + p)] = x0;
    right[2u * (task.right + p) + 1u] = x1;
    if (task.dual == 0u) {
      let at = task.destination * parameters.blocks;
      solved[at + 2u * p] = x0;
      if (2u * p + 1u < parameters.blocks) {
        solved[at + 2u * p + 1u] = x1;
      }
    }
  }
}
