// The systems of rows with many entries: A = α0 G + ridge I + Σ |d| y yᵀ and b = Σ |d| p y, one lane an 8 × 8 tile of
// one segment of a row's entries.
//
// A lane reads 16 factors for 64 multiply-adds, and all lanes of a row read the same entry at the same time, so that
// the cache serves them: no workgroup memory, no barrier, and no lane is idle whatever the number of factors.
//
// Each segment adds to a slot: room for one A and one b. Slots of one row are merged afterwards.
// A tile is four quadrants, each a matrix whose columns are A's: 4 t for rows 0–3 of columns 0–3, + 1 for rows 4–7,
// + 2 and + 3 for columns 4–7. Padding rows and columns have 1 on their diagonal and 0 in b: their unknowns become 0.

const LANES = 64u;
// In place of a segment's row: the slot begins with zeros; the slot holds earlier segments.
const FROM_ZERO = 0xffffffffu;
const GO_ON = 0xfffffffeu;

struct Segment {
  // Entries; for merge_slots: slots.
  begin: u32,
  end: u32,
  slot: u32,
  // Row whose α0 G + ridge I the slot begins with, or one of the constants.
  row: u32,
}

@group(0) @binding(0) var<uniform> parameters: Parameters;
// (column, bits of the signed weight d); p = 1 where d > 0.
@group(0) @binding(1) var<storage, read> entries: array<vec2u>;
// Columns from parameters.first_column on × blocks; a block is 4 factors, the last one padded with zeros.
@group(0) @binding(2) var<storage, read> fixed: array<vec4f>;
// factors × blocks: G row by row.
@group(0) @binding(3) var<storage, read> gram: array<vec4f>;
// rows; in x.
@group(0) @binding(4) var<storage, read> ridge: array<vec4f>;
@group(0) @binding(5) var<storage, read> segments: array<Segment>;
// slots × tiles × 4.
@group(0) @binding(6) var<storage, read_write> tiles: array<mat4x4f>;
// slots × order × 2.
@group(0) @binding(7) var<storage, read_write> right: array<vec4f>;

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

fn outer(a: vec4f, b: vec4f) -> mat4x4f {
  return mat4x4f(a * b.x, a * b.y, a * b.z, a * b.w);
}

// α0 G + ridge I at block i of the rows and block j of the columns. G is symmetric: its rows serve as columns.
fn base(i: u32, j: u32, ridge_of_row: f32) -> mat4x4f {
  var columns = mat4x4f();
  for (var c = 0u; c < 4u; c++) {
    let column = 4u * j + c;
    if (column < parameters.factors && i < parameters.blocks) {
      columns[c] = parameters.unobserved_weight * gram[column * parameters.blocks + i];
    }
    if (i == j) {
      columns[c][c] += select(1.0, ridge_of_row, column < parameters.factors);
    }
  }
  return columns;
}

// Lane: a tile of one of `count` segments from `first` on. Two segments of a call never share a slot.
@compute @workgroup_size(LANES)
fn add_entries(
  @builtin(workgroup_id) group_id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let id = (group_id.y * groups.x + group_id.x) * LANES + lane;
  let tile = id % parameters.tiles;
  if (id / parameters.tiles >= parameters.count) {
    return;
  }
  let segment = segments[parameters.first + id / parameters.tiles];
  let position = tile_position(tile);
  let blocks = parameters.blocks;
  let i = 2u * position.x;
  let j = 2u * position.y;
  // An odd number of blocks leaves the last tile without its second half: read the first again, times 0.
  let i_half = select(0.0, 1.0, i + 1u < blocks);
  let j_half = select(0.0, 1.0, j + 1u < blocks);
  let i_next = min(i + 1u, blocks - 1u);
  let j_next = min(j + 1u, blocks - 1u);
  let on_diagonal = select(0.0, 1.0, i == j);
  var q0 = mat4x4f();
  var q1 = mat4x4f();
  var q2 = mat4x4f();
  var q3 = mat4x4f();
  var b0 = vec4f();
  var b1 = vec4f();
  for (var at = segment.begin; at < segment.end; at++) {
    let entry = entries[at];
    let signed_weight = bitcast<f32>(entry.y);
    let y = (entry.x - parameters.first_column) * blocks;
    let y_i0 = fixed[y + i];
    let y_i1 = fixed[y + i_next] * i_half;
    let y_j0 = fixed[y + j] * abs(signed_weight);
    let y_j1 = fixed[y + j_next] * (abs(signed_weight) * j_half);
    q0 += outer(y_i0, y_j0);
    q1 += outer(y_i1, y_j0);
    q2 += outer(y_i0, y_j1);
    q3 += outer(y_i1, y_j1);
    let preferred = max(signed_weight, 0.0) * on_diagonal;
    b0 += y_i0 * preferred;
    b1 += y_i1 * preferred;
  }
  let t = 4u * (segment.slot * parameters.tiles + tile);
  let r = 2u * (segment.slot * parameters.order + position.x);
  if (segment.row == GO_ON) {
    q0 += tiles[t];
    q1 += tiles[t + 1u];
    q2 += tiles[t + 2u];
    q3 += tiles[t + 3u];
    b0 += right[r] * on_diagonal;
    b1 += right[r + 1u] * on_diagonal;
  } else if (segment.row != FROM_ZERO) {
    let ridge_of_row = ridge[segment.row].x;
    q0 += base(i, j, ridge_of_row);
    q1 += base(i + 1u, j, ridge_of_row);
    q2 += base(i, j + 1u, ridge_of_row);
    q3 += base(i + 1u, j + 1u, ridge_of_row);
  }
  tiles[t] = q0;
  tiles[t + 1u] = q1;
  tiles[t + 2u] = q2;
  tiles[t + 3u] = q3;
  if (i == j) {
    right[r] = b0;
    right[r + 1u] = b1;
  }
}

// Lane: a tile of one of `count` rows, whose slots [begin, end) become one, the first.
@compute @workgroup_size(LANES)
fn merge_slots(
  @builtin(workgroup_id) group_id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let id = (group_id.y * groups.x + group_id.x) * LANES + lane;
  let tile = id % parameters.tiles;
  if (id / parameters.tiles >= parameters.count) {
    return;
  }
  let slots = segments[parameters.first + id / parameters.tiles];
  let position = tile_position(tile);
  for (var quadrant = 0u; quadrant < 4u; quadrant++) {
    var sum = mat4x4f();
    for (var slot = slots.begin; slot < slots.end; slot++) {
      sum += tiles[4u * (slot * parameters.tiles + tile) + quadrant];
    }
    tiles[4u * (slots.begin * parameters.tiles + tile) + quadrant] = sum;
  }
  if (position.x == position.y) {
    for (var half = 0u; half < 2u; half++) {
      var sum = vec4f();
      for (var slot = slots.begin; slot < slots.end; slot++) {
        sum += right[2u * (slot * parameters.order + position.x) + half];
      }
      right[2u * (slots.begin * parameters.order + position.x) + half] = sum;
    }
  }
}
