// A⁻¹ of a symmetric positive definite A, in place, by Gauss–Jordan elimination in pivot blocks of 32 rows. Pivots of
// a positive definite matrix need no exchange of rows. For pivot block K, three passes:
//   invert_pivot    D = A_KK⁻¹
//   invert_panels   R = D A_K· (R = D in the columns of K), C = A_·K
//   invert_update   A_ij ← R_ij for i in K; else A_ij − C_i R_j, where the columns of K count as 0
//
// Rows and columns past the last are those of an identity: they are never stored, and take part in nothing.

const LANES = 256u;
const PIVOT = 32u;
const PIVOT_BLOCKS = 8u;
// Rows and columns of A that one workgroup updates; a lane has 4 × 4 of them.
const TILE = 64u;
const TILE_BLOCKS = 16u;

@group(0) @binding(0) var<uniform> parameters: Parameters;
// order × blocks; a block is 4 columns, the last one padded with zeros. Blocks are counted by vec_column.
@group(0) @binding(1) var<storage, read_write> matrix: array<vec4f>;
// D: PIVOT × PIVOT_BLOCKS.
@group(0) @binding(2) var<storage, read_write> pivot: array<vec4f>;
// R: PIVOT × blocks.
@group(0) @binding(3) var<storage, read_write> row_panel: array<vec4f>;
// C: order × PIVOT_BLOCKS.
@group(0) @binding(4) var<storage, read_write> column_panel: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> failures: atomic<u32>;

// 8 KiB each, together what every device has.
var<workgroup> left: array<vec4f, 512>;
var<workgroup> right: array<vec4f, 512>;

fn element(row: u32, vec_column: u32) -> vec4f {
  if (row >= parameters.order) {
    return vec4f();
  }
  if (vec_column >= parameters.blocks) {
    return vec4f();
  }
  return matrix[row * parameters.blocks + vec_column];
}

// One workgroup: 32 × 32 in `left`, a row in 8 vec4f; each lane has one of them.
@compute @workgroup_size(LANES)
fn invert_pivot(@builtin(local_invocation_index) lane: u32) {
  let row = lane / PIVOT_BLOCKS;
  let vec_column = lane % PIVOT_BLOCKS;
  let first = parameters.pivot * PIVOT;
  var own = element(first + row, first / 4u + vec_column);
  let columns = 4u * vec_column + vec4u(0u, 1u, 2u, 3u);
  if (first + row >= parameters.order) {
    own = select(vec4f(), vec4f(1.0), columns == vec4u(row));
  }
  left[lane] = own;
  workgroupBarrier();
  for (var p = 0u; p < PIVOT; p++) {
    let diagonal = left[p * PIVOT_BLOCKS + p / 4u][p % 4u];
    if (lane == 0u && !(diagonal > 0.0)) {
      atomicAdd(&failures, 1u);
    }
    let inverse = 1.0 / diagonal;
    let is_column = columns == vec4u(p);
    let pivot_row = select(left[p * PIVOT_BLOCKS + vec_column] * inverse, vec4f(inverse), is_column);
    let factor = left[row * PIVOT_BLOCKS + p / 4u][p % 4u];
    if (row == p) {
      own = pivot_row;
    } else {
      own = select(own, vec4f(), is_column) - factor * pivot_row;
    }
    workgroupBarrier();
    left[lane] = own;
    workgroupBarrier();
  }
  pivot[lane] = own;
}

// One lane for each vec4f of R, and for each of C: there are as many.
@compute @workgroup_size(LANES)
fn invert_panels(
  @builtin(workgroup_id) group_id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = (group_id.y * groups.x + group_id.x) * LANES + lane;
  let first = parameters.pivot * PIVOT;
  let row = index / parameters.blocks;
  let vec_column = index % parameters.blocks;
  if (row < PIVOT) {
    // Wraps around to far above for blocks before the pivot's.
    let own_block = vec_column - first / 4u;
    var sum = vec4f();
    if (own_block < PIVOT_BLOCKS) {
      sum = pivot[row * PIVOT_BLOCKS + own_block];
    } else {
      for (var k = 0u; k < PIVOT; k++) {
        sum += pivot[row * PIVOT_BLOCKS + k / 4u][k % 4u] * element(first + k, vec_column);
      }
    }
    row_panel[index] = sum;
  }
  if (index < parameters.order * PIVOT_BLOCKS) {
    column_panel[index] = element(index / PIVOT_BLOCKS, first / 4u + index % PIVOT_BLOCKS);
  }
}

// Workgroup (x, y): 64 columns from 64 x on, 64 rows from 64 (first_tile + y) on.
@compute @workgroup_size(LANES)
fn invert_update(
  @builtin(workgroup_id) group_id: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let tile_row = (parameters.first_tile + group_id.y) * TILE;
  let tile_block = group_id.x * TILE_BLOCKS;
  for (var at = lane; at < TILE * PIVOT_BLOCKS; at += LANES) {
    let row = tile_row + at / PIVOT_BLOCKS;
    left[at] = vec4f();
    if (row < parameters.order) {
      left[at] = column_panel[row * PIVOT_BLOCKS + at % PIVOT_BLOCKS];
    }
  }
  for (var at = lane; at < PIVOT * TILE_BLOCKS; at += LANES) {
    let vec_column = tile_block + at % TILE_BLOCKS;
    right[at] = vec4f();
    if (vec_column < parameters.blocks) {
      right[at] = row_panel[(at / TILE_BLOCKS) * parameters.blocks + vec_column];
    }
  }
  workgroupBarrier();
  let column = lane % TILE_BLOCKS;
  let vec_column = tile_block + column;
  let own_row = 4u * (lane / TILE_BLOCKS);
  if (vec_column >= parameters.blocks) {
    return;
  }
  var sums = mat4x4f();
  for (var k = 0u; k < PIVOT_BLOCKS; k++) {
    let r0 = right[(4u * k) * TILE_BLOCKS + column];
    let r1 = right[(4u * k + 1u) * TILE_BLOCKS + column];
    let r2 = right[(4u * k + 2u) * TILE_BLOCKS + column];
    let r3 = right[(4u * k + 3u) * TILE_BLOCKS + column];
    for (var r = 0u; r < 4u; r++) {
      let c = left[(own_row + r) * PIVOT_BLOCKS + k];
      sums[r] += c.x * r0 + c.y * r1 + c.z * r2 + c.w * r3;
    }
  }
  let first = parameters.pivot * PIVOT;
  // Differences wrap around to far above for what lies before the pivot's.
  let in_pivot_columns = vec_column - first / 4u < PIVOT_BLOCKS;
  for (var r = 0u; r < 4u; r++) {
    let row = tile_row + own_row + r;
    if (row >= parameters.order) {
      return;
    }
    let at = row * parameters.blocks + vec_column;
    if (row - first < PIVOT) {
      matrix[at] = right[(row - first) * TILE_BLOCKS + column];
    } else {
      matrix[at] = select(matrix[at], vec4f(), in_pivot_columns) - sums[r];
    }
  }
}
