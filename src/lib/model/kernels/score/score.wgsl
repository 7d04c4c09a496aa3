// S = X Yᵀ, one lane four items of one user.

const SIDE = 8u;
const ITEMS_PER_LANE = 4u;

@group(0) @binding(0) var<uniform> parameters: Parameters;
// all users × blocks; a block is 4 factors, the last one padded with zeros.
@group(0) @binding(1) var<storage, read> users: array<vec4f>;
// items × blocks.
@group(0) @binding(2) var<storage, read> item_factors: array<vec4f>;
// count × items, users counted from parameters.first.
@group(0) @binding(3) var<storage, read_write> scores: array<f32>;

@compute @workgroup_size(SIDE, SIDE)
fn score(@builtin(global_invocation_id) id: vec3u) {
  let blocks = parameters.blocks;
  let first_item = id.x * ITEMS_PER_LANE;
  let items = min(parameters.items, first_item + ITEMS_PER_LANE);
  if (id.y >= parameters.count) {
    return;
  }
  var sums = vec4f();
  for (var b = 0u; b < blocks; b++) {
    let x = users[(parameters.first + id.y) * blocks + b];
    for (var item = first_item; item < items; item++) {
      sums[item - first_item] += dot(x, item_factors[item * blocks + b]);
    }
  }
  for (var item = first_item; item < items; item++) {
    scores[id.y * parameters.items + item] = sums[item - first_item];
  }
}
