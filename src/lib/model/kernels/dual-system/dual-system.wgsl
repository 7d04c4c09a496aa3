// The systems of rows with fewer entries than factors, in one unknown an entry. With factors in the eigenbasis of
// their Gram matrix, D = α0 Λ + ridge I is diagonal, and the row's solution is
//
//     (I + W^½ Y D⁻¹ Yᵀ W^½) z = W^½ p,   x = D⁻¹ Yᵀ W^½ z
//
// (Woodbury), W the weights |d| and Y the row's entries. The system is positive definite wherever D is.
//
// build: one lane an 8 × 8 tile of one system, laid out as in row-system.wgsl. A lane reads 64 factors for 256
// multiply-adds. expand: one lane 4 factors of one solution.

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
// (column, bits of the signed weight d); p = 1 where d > 0.
@group(0) @binding(1) var<storage, read> entries: array<vec2u>;
// Columns from parameters.first_column on × blocks, in the eigenbasis; padded with zeros.
@group(0) @binding(2) var<storage, read> fixed: array<vec4f>;
// blocks: the diagonal of Λ.
@group(0) @binding(3) var<storage, read> eigenvalues: array<vec4f>;
// rows; in x.
@group(0) @binding(4) var<storage, read> ridge: array<vec4f>;
// In the order of their regions, which follow each other.
@group(0) @binding(5) var<storage, read> tasks: array<Task>;
@group(0) @binding(6) var<storage, read_write> tiles: array<mat4x4f>;
// p on input of the solver, z on its output.
@group(0) @binding(7) var<storage, read_write> right: array<vec4f>;
// destinations × blocks.
@group(0) @binding(8) var<storage, read_write> solved: array<vec4f>;

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

// The task among [first, first + count) whose region holds this tile.
fn task_of(tile: u32) -> Task {
  var low = parameters.first;
  var high = parameters.first + parameters.count;
  while (high - low > 1u) {
    let middle = (low + high) / 2u;
    let begin = tasks[middle].region;
    if (begin <= tile) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return tasks[low];
}

fn inverse_diagonal(b: u32, ridge_of_row: f32) -> vec4f {
  return 1.0 / (parameters.unobserved_weight * eigenvalues[b] + ridge_of_row);
}

// Four entries of a row from `first` on: where their factors begin, √|d| and √|d| p; 0 past the row's end, where the
// last entry stands in.
struct Four {
  factors: vec4u,
  roots: vec4f,
  preferred: vec4f,
}

fn four_entries(task: Task, first: u32) -> Four {
  var four: Four;
  for (var e = 0u; e < 4u; e++) {
    let at = task.begin + first + e;
    let entry = entries[min(at, task.end - 1u)];
    let signed_weight = bitcast<f32>(entry.y);
    let inside = at < task.end;
    let root = select(0.0, sqrt(abs(signed_weight)), inside);
    four.factors[e] = (entry.x - parameters.first_column) * parameters.blocks;
    four.roots[e] = root;
    four.preferred[e] = select(0.0, root, signed_weight > 0.0);
  }
  return four;
}

// Factors of a block, an entry a column.
fn factors_of(four: Four, b: u32) -> mat4x4f {
  return mat4x4f(
    fixed[four.factors.x + b],
    fixed[four.factors.y + b],
    fixed[four.factors.z + b],
    fixed[four.factors.w + b],
  );
}

fn scaled(products: mat4x4f, rows: vec4f, columns: vec4f) -> mat4x4f {
  return mat4x4f(
    products[0] * rows * columns.x,
    products[1] * rows * columns.y,
    products[2] * rows * columns.z,
    products[3] * rows * columns.w,
  );
}

const IDENTITY = mat4x4f(
  1.0, 0.0, 0.0, 0.0,
  0.0, 1.0, 0.0, 0.0,
  0.0, 0.0, 1.0, 0.0,
  0.0, 0.0, 0.0, 1.0,
);

// Lane: one of `tiles` tiles from `first_tile` on, of the tasks [first, first + count).
@compute @workgroup_size(LANES)
fn build(
  @builtin(workgroup_id) group_id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let id = (group_id.y * groups.x + group_id.x) * LANES + lane;
  if (id >= parameters.tiles) {
    return;
  }
  let tile = parameters.first_tile + id;
  let task = task_of(tile);
  let position = tile_position(tile - task.region);
  let a0 = four_entries(task, 8u * position.x);
  let a1 = four_entries(task, 8u * position.x + 4u);
  let b0 = four_entries(task, 8u * position.y);
  let b1 = four_entries(task, 8u * position.y + 4u);
  let ridge_of_row = ridge[task.row].x;
  var q0 = mat4x4f();
  var q1 = mat4x4f();
  var q2 = mat4x4f();
  var q3 = mat4x4f();
  for (var b = 0u; b < parameters.blocks; b++) {
    let d = inverse_diagonal(b, ridge_of_row);
    let y0 = transpose(factors_of(a0, b));
    let y1 = transpose(factors_of(a1, b));
    let w0 = factors_of(b0, b);
    let v0 = mat4x4f(w0[0] * d, w0[1] * d, w0[2] * d, w0[3] * d);
    let w1 = factors_of(b1, b);
    let v1 = mat4x4f(w1[0] * d, w1[1] * d, w1[2] * d, w1[3] * d);
    q0 += y0 * v0;
    q1 += y1 * v0;
    q2 += y0 * v1;
    q3 += y1 * v1;
  }
  let diagonal = select(0.0, 1.0, position.x == position.y);
  tiles[4u * tile] = scaled(q0, a0.roots, b0.roots) + diagonal * IDENTITY;
  tiles[4u * tile + 1u] = scaled(q1, a1.roots, b0.roots);
  tiles[4u * tile + 2u] = scaled(q2, a0.roots, b1.roots);
  tiles[4u * tile + 3u] = scaled(q3, a1.roots, b1.roots) + diagonal * IDENTITY;
  if (position.x == position.y) {
    right[2u * (task.right + position.x)] = a0.preferred;
    right[2u * (task.right + position.x) + 1u] = a1.preferred;
  }
}

// Lane: a block of the solution of one of the tasks [first, first + count).
@compute @workgroup_size(LANES)
fn expand(
  @builtin(workgroup_id) group_id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let id = (group_id.y * groups.x + group_id.x) * LANES + lane;
  let b = id % parameters.blocks;
  if (id / parameters.blocks >= parameters.count) {
    return;
  }
  let task = tasks[parameters.first + id / parameters.blocks];
  var sum = vec4f();
  for (var at = task.begin; at < task.end; at++) {
    let entry = entries[at];
    let e = at - task.begin;
    let z = right[2u * task.right + e / 4u][e % 4u];
    let y = fixed[(entry.x - parameters.first_column) * parameters.blocks + b];
    sum += y * (z * sqrt(abs(bitcast<f32>(entry.y))));
  }
  solved[task.destination * parameters.blocks + b] = sum * inverse_diagonal(b, ridge[task.row].x);
}
