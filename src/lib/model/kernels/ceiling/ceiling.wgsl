// What a device does at best, for a benchmark to compare with:
//   multiply_add  chains of multiply-adds that wait for nothing but themselves,
//   copy          every element of a buffer into another.

const LANES = 64u;

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> source: array<vec4f>;
// As long as source; multiply_add writes one vec4f a lane.
@group(0) @binding(2) var<storage, read_write> target_values: array<vec4f>;

@compute @workgroup_size(LANES)
fn multiply_add(@builtin(global_invocation_id) id: vec3u) {
  // Read from a buffer: a compiler that knew the numbers could do the sums itself.
  let factor = source[0] + 0.5;
  let summand = source[1] + 1.0;
  var a = source[id.x];
  var b = a + 1.0;
  var c = a + 2.0;
  var d = a + 3.0;
  var e = a + 4.0;
  var f = a + 5.0;
  var g = a + 6.0;
  var h = a + 7.0;
  // Not fma(): drivers fuse this where they have it, and a software device would emulate fma's single rounding.
  for (var s = 0u; s < parameters.steps; s++) {
    a = a * factor + summand;
    b = b * factor + summand;
    c = c * factor + summand;
    d = d * factor + summand;
    e = e * factor + summand;
    f = f * factor + summand;
    g = g * factor + summand;
    h = h * factor + summand;
  }
  if (id.x < parameters.count) {
    target_values[id.x] = ((a + b) + (c + d)) + ((e + f) + (g + h));
  }
}

// Neighbouring lanes read neighbouring elements; each lane takes every stride-th one.
@compute @workgroup_size(LANES)
fn copy(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  let stride = workgroups.x * LANES;
  for (var at = id.x; at < parameters.count; at += stride) {
    target_values[at] = source[at];
  }
}
