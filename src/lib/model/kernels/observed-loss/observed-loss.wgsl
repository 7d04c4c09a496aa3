// One workgroup a row: Σ |d| (p − xᵀy)² over the row's entries. The host adds the rows up in 64 bits.

// One subgroup of most GPUs; most rows have no more entries.
const LANES = 32u;

@group(0) @binding(0) var<uniform> parameters: Parameters;
// rows + 1 offsets into entries.
@group(0) @binding(1) var<storage, read> indptr: array<u32>;
// (column, bits of the signed weight d); p = 1 where d > 0.
@group(0) @binding(2) var<storage, read> entries: array<vec2u>;
// rows × blocks; a block is 4 columns, the last one padded with zeros.
@group(0) @binding(3) var<storage, read> left: array<vec4f>;
// columns × blocks.
@group(0) @binding(4) var<storage, read> right: array<vec4f>;
// One sum a row, counted from parameters.first.
@group(0) @binding(5) var<storage, read_write> sums: array<f32>;

var<workgroup> lane_sums: array<f32, LANES>;

@compute @workgroup_size(LANES)
fn observed_loss(
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
  let blocks = parameters.blocks;
  var sum = 0.0;
  for (var at = indptr[row] + lane; at < indptr[row + 1u]; at += LANES) {
    let entry = entries[at];
    let signed_weight = bitcast<f32>(entry.y);
    var score = 0.0;
    for (var b = 0u; b < blocks; b++) {
      score += dot(left[row * blocks + b], right[entry.x * blocks + b]);
    }
    let error = select(0.0, 1.0, signed_weight > 0.0) - score;
    sum += abs(signed_weight) * error * error;
  }
  lane_sums[lane] = sum;
  workgroupBarrier();
  for (var half = LANES / 2u; half > 0u; half = half / 2u) {
    if (lane < half) {
      lane_sums[lane] += lane_sums[lane + half];
    }
    workgroupBarrier();
  }
  if (lane == 0u) {
    sums[slot] = lane_sums[0];
  }
}
