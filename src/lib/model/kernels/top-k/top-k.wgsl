// hide_seen overwrites the scores of seen items, one lane a segment of a user's seen items.
// top_k, one workgroup a user, takes the best item that comes after the last one taken, k times. "After" is a total order (lower score, or the same and a higher position), so nothing needs to be
// removed and equal scores come in the order of their positions.

const LANES = 64u;
// Stands for "no candidate". WGSL may assume that there are no infinities.
const LOWEST = -3.4028234e38;
const NO_ITEM = 0xffffffffu;

@group(0) @binding(0) var<uniform> parameters: Parameters;
// all users + 1 offsets into seen.
struct Segment {
  begin: u32,
  end: u32,
  slot: u32,
  unused: u32,
}

// Seen items of users, for hide_seen.
@group(0) @binding(1) var<storage, read> segments: array<Segment>;
// (item, unused)
@group(0) @binding(2) var<storage, read> seen: array<vec2u>;
// count × items, a slot a user.
@group(0) @binding(3) var<storage, read_write> scores: array<f32>;
// count × k: (item, bits of its score).
@group(0) @binding(4) var<storage, read_write> best: array<vec2u>;

struct Candidate {
  score: f32,
  item: u32,
}

var<workgroup> candidates: array<Candidate, LANES>;

fn comes_before(first: Candidate, second: Candidate) -> bool {
  return first.score > second.score || (first.score == second.score && first.item < second.item);
}

@compute @workgroup_size(LANES)
fn hide_seen(
  @builtin(workgroup_id) group_id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let id = (group_id.y * groups.x + group_id.x) * LANES + lane;
  if (id >= parameters.count) {
    return;
  }
  let segment = segments[parameters.first + id];
  for (var at = segment.begin; at < segment.end; at++) {
    scores[segment.slot * parameters.items + seen[at].x - parameters.first_item] = LOWEST;
  }
}

@compute @workgroup_size(LANES)
fn top_k(
  @builtin(workgroup_id) group_id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let slot = group_id.y * groups.x + group_id.x;
  // The second dimension of the grid may reach past the last user.
  if (slot >= parameters.count) {
    return;
  }
  let items = parameters.items;
  let row = slot * items;
  // Before every item: nothing has been taken.
  var last = Candidate(-LOWEST, 0u);
  var taken_any = false;
  for (var place = 0u; place < parameters.k; place++) {
    var mine = Candidate(LOWEST, NO_ITEM);
    for (var item = lane; item < items; item += LANES) {
      let candidate = Candidate(scores[row + item], item);
      if (candidate.score > LOWEST && (!taken_any || comes_before(last, candidate))
          && comes_before(candidate, mine)) {
        mine = candidate;
      }
    }
    candidates[lane] = mine;
    workgroupBarrier();
    for (var half = LANES / 2u; half > 0u; half = half / 2u) {
      if (lane < half && comes_before(candidates[lane + half], candidates[lane])) {
        candidates[lane] = candidates[lane + half];
      }
      workgroupBarrier();
    }
    last = candidates[0];
    taken_any = true;
    if (lane == 0u) {
      best[slot * parameters.k + place] = vec2u(
        select(last.item + parameters.first_item, NO_ITEM, last.item == NO_ITEM),
        bitcast<u32>(last.score),
      );
    }
    // Nobody writes candidates again before everybody has read the first.
    workgroupBarrier();
  }
}
