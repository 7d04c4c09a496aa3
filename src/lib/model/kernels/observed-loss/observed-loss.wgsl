// Σ |d| (p − xᵀy)² over segments of rows, one lane a segment of at most 64 entries. The host adds them up in 64 bits.

const LANES = 64u;

struct Segment {
  begin: u32,
  end: u32,
  row: u32,
  unused: u32,
}

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> segments: array<Segment>;
// (column, bits of the signed weight d); p = 1 where d > 0.
@group(0) @binding(2) var<storage, read> entries: array<vec2u>;
// rows × blocks; a block is 4 columns, the last one padded with zeros.
@group(0) @binding(3) var<storage, read> left: array<vec4f>;
// Columns from parameters.first_column on × blocks.
@group(0) @binding(4) var<storage, read> right: array<vec4f>;
// One sum a segment.
@group(0) @binding(5) var<storage, read_write> sums: array<f32>;

@compute @workgroup_size(LANES)
fn observed_loss(
  @builtin(workgroup_id) group_id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let id = (group_id.y * groups.x + group_id.x) * LANES + lane;
  // The second dimension of the grid may reach past the last segment.
  if (id >= parameters.count) {
    return;
  }
  let segment = segments[parameters.first + id];
  let blocks = parameters.blocks;
  let x = segment.row * blocks;
  var sum = 0.0;
  // Four entries at a time read x once; past the end the last entry stands in, with the weight 0.
  for (var at = segment.begin; at < segment.end; at += 4u) {
    var y: vec4u;
    var signed_weights: vec4f;
    for (var e = 0u; e < 4u; e++) {
      let entry = entries[min(at + e, segment.end - 1u)];
      y[e] = (entry.x - parameters.first_column) * blocks;
      signed_weights[e] = select(0.0, bitcast<f32>(entry.y), at + e < segment.end);
    }
    var scores = vec4f();
    for (var b = 0u; b < blocks; b++) {
      scores += left[x + b] * mat4x4f(right[y.x + b], right[y.y + b], right[y.z + b], right[y.w + b]);
    }
    let errors = select(vec4f(0.0), vec4f(1.0), signed_weights > vec4f(0.0)) - scores;
    sum += dot(abs(signed_weights), errors * errors);
  }
  sums[id] = sum;
}
