// The k items with the highest scores of each user, without a matrix of scores: what a lane has scored it compares
// and forgets.
//
//   begin_lists   turns the factors of a batch of users, so that neighbouring lanes read neighbouring words, and fills
//                 their lists with nothing,
//   add_items     one lane one user and a range of items, 16 at a time: 17 vec4f are read for 64 multiply-adds of four,
//                 of which 16 by all lanes at once, so that the cache serves them,
//   end_lists     one lane a user: its lists become one, best first.
//
// A list is a heap of k pairs whose root is the worst. Only what beats the root is looked up among the seen items and
// put in: among n items in random order some k (1 + ln(n / k)). Where users are few, each has several lists, one for
// each range of items; the root of any of them bounds them all from below. Ranges may come in any number of calls, and
// within a list positions must rise from call to call: among equal scores the first then stays.

const LANES = 64u;
const TILE = 16u;
// Stands for "no candidate". WGSL may assume that there are no infinities.
const LOWEST = -3.4028234e38;
const NO_ITEM = 0xffffffffu;

@group(0) @binding(0) var<uniform> parameters: Parameters;
// begin_lists: all users × blocks; a block is 4 factors, the last one padded with zeros. add_items: what is turned.
@group(0) @binding(1) var<storage, read> users: array<vec4f>;
// Items of one part × blocks.
@group(0) @binding(2) var<storage, read> item_factors: array<vec4f>;
// count + 1 offsets into the seen items.
@group(0) @binding(3) var<storage, read> offsets: array<u32>;
// (item, unused), rising for each user; from parameters.shard_entries on in seen_next.
@group(0) @binding(4) var<storage, read> seen: array<vec2u>;
@group(0) @binding(5) var<storage, read> seen_next: array<vec2u>;
// begin_lists: blocks × count.
@group(0) @binding(6) var<storage, read_write> turned: array<vec4f>;
// lists × k × count: (item, bits of its score).
@group(0) @binding(7) var<storage, read_write> best: array<vec2u>;
// count: no score below is among the k best; in the order of unsigned numbers.
@group(0) @binding(8) var<storage, read_write> bounds: array<atomic<u32>>;

// Scores of the tile, four to an element, a column of lanes each.
var<workgroup> tile_scores: array<vec4f, 4u * LANES>;

// Unsigned numbers in the order of the floats whose bits these are.
fn ordered(bits: u32) -> u32 {
  return select(bits | 0x80000000u, ~bits, (bits >> 31u) == 1u);
}

fn from_ordered(number: u32) -> f32 {
  return bitcast<f32>(select(~number, number & 0x7fffffffu, (number >> 31u) == 1u));
}

// A lower score, or the same and a higher position: a total order.
fn is_worse(first: vec2u, second: vec2u) -> bool {
  let a = bitcast<f32>(first.y);
  let b = bitcast<f32>(second.y);
  return (a < b) || ((a == b) && (first.x > second.x));
}

// Puts a pair in place of the root of the heap of `size` pairs that begins at `list`.
fn replace_root(list: u32, size: u32, pair: vec2u) {
  var at = 0u;
  loop {
    var child = 2u * at + 1u;
    if (child >= size) {
      break;
    }
    var worst = best[list + child * parameters.count];
    if (child + 1u < size) {
      let other = best[list + (child + 1u) * parameters.count];
      if (is_worse(other, worst)) {
        child += 1u;
        worst = other;
      }
    }
    if (!is_worse(worst, pair)) {
      break;
    }
    best[list + at * parameters.count] = worst;
    at = child;
  }
  best[list + at * parameters.count] = pair;
}

fn seen_item(at: u32) -> u32 {
  if (at < parameters.shard_entries) {
    return seen[at].x;
  }
  return seen_next[at - parameters.shard_entries].x;
}

fn is_seen(user: u32, item: u32) -> bool {
  var low = offsets[user];
  let end = offsets[user + 1u];
  var high = end;
  while (low < high) {
    let middle = (low + high) / 2u;
    if (seen_item(middle) < item) {
      low = middle + 1u;
    } else {
      high = middle;
    }
  }
  if (low == end) {
    return false;
  }
  return seen_item(low) == item;
}

// Which of four scores are above `least` and not below `bound`: a bit each.
fn above(scores: vec4f, least: f32, bound: f32) -> u32 {
  let passes = (scores > vec4f(least)) & (scores >= vec4f(bound));
  return dot(select(vec4u(0u), vec4u(1u, 2u, 4u, 8u), passes), vec4u(1u));
}

// Four items from `at` on, an item a column.
fn items_at(at: u32) -> mat4x4f {
  let blocks = parameters.blocks;
  return mat4x4f(
    item_factors[at],
    item_factors[at + blocks],
    item_factors[at + 2u * blocks],
    item_factors[at + 3u * blocks],
  );
}

// Lane: a block of a user's factors, and a pair of each list.
@compute @workgroup_size(LANES)
fn begin_lists(
  @builtin(workgroup_id) group_id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let id = (group_id.y * groups.x + group_id.x) * LANES + lane;
  let count = parameters.count;
  if (id < parameters.blocks * count) {
    let user = parameters.first_user + id / parameters.blocks;
    turned[(id % parameters.blocks) * count + id / parameters.blocks] =
      users[user * parameters.blocks + id % parameters.blocks];
  }
  if (id < parameters.lists * parameters.k * count) {
    best[id] = vec2u(NO_ITEM, bitcast<u32>(LOWEST));
  }
  if (id < count) {
    atomicStore(&bounds[id], ordered(bitcast<u32>(LOWEST)));
  }
}

// Workgroup (x, y): 64 users from 64 x on, range y of the items.
@compute @workgroup_size(LANES)
fn add_items(
  @builtin(workgroup_id) group_id: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let count = parameters.count;
  let user = group_id.x * LANES + lane;
  if (user >= count) {
    return;
  }
  let blocks = parameters.blocks;
  let list = group_id.y * parameters.k * count + user;
  let begin = parameters.first + group_id.y * parameters.items_per_list;
  let end = min(parameters.last, begin + parameters.items_per_list);
  var least = bitcast<f32>(best[list].y);
  for (var item = begin; item < end; item += TILE) {
    var s0 = vec4f();
    var s1 = vec4f();
    var s2 = vec4f();
    var s3 = vec4f();
    // Items past the end are read as they come, or as WebGPU's bounds make them up, and left out below.
    var at = item * blocks;
    for (var b = 0u; b < blocks; b++) {
      let x = users[b * count + user];
      s0 += x * items_at(at);
      s1 += x * items_at(at + 4u * blocks);
      s2 += x * items_at(at + 8u * blocks);
      s3 += x * items_at(at + 12u * blocks);
      at += 1u;
    }
    let bound = from_ordered(atomicLoad(&bounds[user]));
    var left = above(s0, least, bound)
      | (above(s1, least, bound) << 4u)
      | (above(s2, least, bound) << 8u)
      | (above(s3, least, bound) << 12u);
    if (end - item < TILE) {
      left &= (1u << (end - item)) - 1u;
    }
    if (left == 0u) {
      continue;
    }
    // A lane reads what it wrote itself: nobody waits. In this order lanes that found different items go on together.
    tile_scores[lane] = s0;
    tile_scores[LANES + lane] = s1;
    tile_scores[2u * LANES + lane] = s2;
    tile_scores[3u * LANES + lane] = s3;
    while (left != 0u) {
      let e = firstTrailingBit(left);
      left &= left - 1u;
      let score = tile_scores[(e / 4u) * LANES + lane][e % 4u];
      let position = parameters.first_item + item + e;
      if ((score > least) && !is_seen(user, position)) {
        replace_root(list, parameters.k, vec2u(position, bitcast<u32>(score)));
        least = bitcast<f32>(best[list].y);
      }
    }
    // k items of this list are not below `least`.
    atomicMax(&bounds[user], ordered(bitcast<u32>(least)));
  }
}

// Lane: a user.
@compute @workgroup_size(LANES)
fn end_lists(
  @builtin(workgroup_id) group_id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let user = (group_id.y * groups.x + group_id.x) * LANES + lane;
  let count = parameters.count;
  if (user >= count) {
    return;
  }
  let k = parameters.k;
  for (var place = k; place < parameters.lists * k; place++) {
    let pair = best[place * count + user];
    if ((pair.x != NO_ITEM) && is_worse(best[user], pair)) {
      replace_root(user, k, pair);
    }
  }
  // Heapsort: the worst goes to the end, time and again.
  for (var size = k - 1u; size > 0u; size--) {
    let last = best[size * count + user];
    best[size * count + user] = best[user];
    replace_root(user, size, last);
  }
}
