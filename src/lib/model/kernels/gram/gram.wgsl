// G = YᵀY in 4 × 4 tiles of its lower triangle, in two passes:
//   gram_parts   sums the tiles over a part of the rows, some of them a call,
//   gram_reduce  adds the parts up and writes both triangles.
// Tiles are numbered along the rows of the triangle: tile (i, j), j ≤ i, is i (i + 1) / 2 + j. A tile is a
// matrix whose columns run over j: tile[c][r] = G[4 i + r][4 j + c].

const LANES = 64u;
// Rows whose sum is made on its own: 32-bit rounding then grows with the number of these sums, not of rows.
const ROWS_AT_ONCE = 32u;

@group(0) @binding(0) var<uniform> parameters: Parameters;
// rows × blocks; a block is 4 columns, the last one padded with zeros.
@group(0) @binding(1) var<storage, read> factors: array<vec4f>;
// parts × tiles.
@group(0) @binding(2) var<storage, read_write> part_sums: array<mat4x4f>;
// factors × blocks: G row by row, padding columns 0.
@group(0) @binding(3) var<storage, read_write> gram: array<vec4f>;

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

// Workgroup (x, y): 64 tiles from 64 x on, over rows [skip, skip + most) of part y. All lanes read the same row at the
// same time, so that the cache serves them.
@compute @workgroup_size(LANES)
fn gram_parts(
  @builtin(workgroup_id) group_id: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let tile = group_id.x * LANES + lane;
  if (tile >= parameters.tiles) {
    return;
  }
  let position = tile_position(tile);
  let part = group_id.y * parameters.rows_per_part;
  let begin = part + parameters.skip;
  let end = min(parameters.rows, part + min(parameters.rows_per_part, parameters.skip + parameters.most));
  let at = (parameters.first_part + group_id.y) * parameters.tiles + tile;
  var sum = mat4x4f();
  if (parameters.skip > 0u) {
    sum = part_sums[at];
  }
  for (var row = begin; row < end; row += ROWS_AT_ONCE) {
    var local = mat4x4f();
    for (var r = row; r < min(row + ROWS_AT_ONCE, end); r++) {
      let y_i = factors[r * parameters.blocks + position.x];
      let y_j = factors[r * parameters.blocks + position.y];
      local += mat4x4f(y_i * y_j.x, y_i * y_j.y, y_i * y_j.z, y_i * y_j.w);
    }
    sum += local;
  }
  part_sums[at] = sum;
}

// One tile a lane.
@compute @workgroup_size(LANES)
fn gram_reduce(@builtin(global_invocation_id) id: vec3u) {
  let tile = id.x;
  if (tile >= parameters.tiles) {
    return;
  }
  let position = tile_position(tile);
  var sum = mat4x4f();
  for (var part = 0u; part < parameters.parts; part++) {
    sum += part_sums[part * parameters.tiles + tile];
  }
  let rows = transpose(sum);
  for (var r = 0u; r < 4u; r++) {
    let below = 4u * position.x + r;
    if (below < parameters.factors) {
      gram[below * parameters.blocks + position.y] = rows[r];
    }
    // The mirror image; on the diagonal the same values again.
    let above = 4u * position.y + r;
    if (above < parameters.factors) {
      gram[above * parameters.blocks + position.x] = sum[r];
    }
  }
}
