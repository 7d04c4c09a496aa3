// C = A B for rows [first, first + count) of A and a small square B, one lane four rows and eight columns of C. Row r of A becomes row targets[r] of C.

const LANES = 64u;
const ROWS = 4u;

@group(0) @binding(0) var<uniform> parameters: Parameters;
// At least first + count rows × blocks; a block is 4 columns, the last one padded with zeros.
@group(0) @binding(1) var<storage, read> left: array<vec4f>;
// columns × blocks: B row by row.
@group(0) @binding(2) var<storage, read> small: array<vec4f>;
// Where scatter is 1: count rows of C. Else row r goes to row r.
@group(0) @binding(3) var<storage, read> targets: array<u32>;
@group(0) @binding(4) var<storage, read_write> product: array<vec4f>;

@compute @workgroup_size(LANES)
fn multiply(
  @builtin(workgroup_id) group_id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let id = (group_id.y * groups.x + group_id.x) * LANES + lane;
  let blocks = parameters.blocks;
  let pairs = (blocks + 1u) / 2u;
  let row = parameters.first + ROWS * (id / pairs);
  let end = parameters.first + parameters.count;
  if (row >= end) {
    return;
  }
  let column = 2u * (id % pairs);
  let next = min(column + 1u, blocks - 1u);
  let last = end - 1u;
  // Past the last row: the last one again, not written.
  let r = (vec4u(row) + min(vec4u(0u, 1u, 2u, 3u), vec4u(last - row))) * blocks;
  var s0 = mat4x4f();
  var s1 = mat4x4f();
  for (var b = 0u; b < blocks; b++) {
    // A row of the product is a row of A times rows of B; transposed: a column of four numbers times them.
    let rows = mat4x4f(left[r.x + b], left[r.y + b], left[r.z + b], left[r.w + b]);
    // Padding rows of B are past its end: A has zeros there.
    let b0 = min(4u * b, parameters.columns - 1u) * blocks;
    let b1 = min(4u * b + 1u, parameters.columns - 1u) * blocks;
    let b2 = min(4u * b + 2u, parameters.columns - 1u) * blocks;
    let b3 = min(4u * b + 3u, parameters.columns - 1u) * blocks;
    s0 += mat4x4f(small[b0 + column], small[b1 + column], small[b2 + column], small[b3 + column]) * rows;
    s1 += mat4x4f(small[b0 + next], small[b1 + next], small[b2 + next], small[b3 + next]) * rows;
  }
  for (var e = 0u; e < ROWS && row + e < end; e++) {
    var to = row + e;
    if (parameters.scatter == 1u) {
      to = targets[to];
    }
    product[to * blocks + column] = s0[e];
    product[to * blocks + next] = select(s0[e], s1[e], next > column);
  }
}
