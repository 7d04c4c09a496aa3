// Per workgroup: Σ weight_r ‖row r‖² over 64 rows. The host adds the workgroups up in 64 bits.

const LANES = 64u;

// rows × blocks; a block is 4 columns, the last one padded with zeros.
@group(0) @binding(1) var<storage, read> values: array<vec4f>;
// rows; in x.
@group(0) @binding(2) var<storage, read> weights: array<vec4f>;
// One sum a workgroup.
@group(0) @binding(3) var<storage, read_write> sums: array<f32>;

@group(0) @binding(0) var<uniform> parameters: Parameters;

var<workgroup> lane_sums: array<f32, LANES>;

@compute @workgroup_size(LANES)
fn weighted_norm(
  @builtin(workgroup_id) group_id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let group = group_id.y * groups.x + group_id.x;
  let row = group * LANES + lane;
  var sum = 0.0;
  if (row < parameters.rows) {
    for (var b = 0u; b < parameters.blocks; b++) {
      let value = values[row * parameters.blocks + b];
      sum += dot(value, value);
    }
    sum *= weights[parameters.first_weight + row].x;
  }
  lane_sums[lane] = sum;
  workgroupBarrier();
  for (var half = LANES / 2u; half > 0u; half = half / 2u) {
    if (lane < half) {
      lane_sums[lane] += lane_sums[lane + half];
    }
    workgroupBarrier();
  }
  // The second dimension of the grid may reach past the last row.
  if (lane == 0u && group < parameters.groups) {
    sums[group] = lane_sums[0];
  }
}
