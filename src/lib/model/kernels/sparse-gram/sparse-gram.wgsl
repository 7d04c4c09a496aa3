// G = XᵀX of a sparse matrix X: row i of G is the sum over the rows u of X that hold column i of x_ui times row u.
// One workgroup a row of G. The entries of one row of X lie in different columns, so that lanes never meet; rows
// follow each other with a barrier between.

const LANES = 64u;

@group(0) @binding(0) var<uniform> parameters: Parameters;
// X by rows: offsets, and (column, bits of the value) pairs.
@group(0) @binding(1) var<storage, read> indptr: array<u32>;
@group(0) @binding(2) var<storage, read> entries: array<vec2u>;
// The same by columns.
@group(0) @binding(3) var<storage, read> column_indptr: array<u32>;
@group(0) @binding(4) var<storage, read> column_entries: array<vec2u>;
// columns × stride, padding columns 0.
@group(0) @binding(5) var<storage, read_write> gram: array<f32>;

@compute @workgroup_size(LANES)
fn sparse_gram(
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
  let start = row * parameters.stride;
  for (var column = lane; column < parameters.stride; column += LANES) {
    gram[start + column] = select(0.0, parameters.ridge, column == row);
  }
  storageBarrier();
  workgroupBarrier();
  for (var at = column_indptr[row]; at < column_indptr[row + 1u]; at++) {
    let own = column_entries[at];
    let weight = bitcast<f32>(own.y);
    for (var other = indptr[own.x] + lane; other < indptr[own.x + 1u]; other += LANES) {
      let entry = entries[other];
      gram[start + entry.x] += weight * bitcast<f32>(entry.y);
    }
    storageBarrier();
    workgroupBarrier();
  }
}
