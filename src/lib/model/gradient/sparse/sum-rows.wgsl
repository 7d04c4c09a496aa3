// Sums the gradient's rows by group, in the order of the batch. One lane a value of the sums: no atomics, whose order
// would be another in each run.
fn main(index : i32) {
  if (index < uniforms.size) {
    let group = index / uniforms.columns;
    let column = index - group * uniforms.columns;
    var sum = 0.0;
    for (var at = offsets[group]; at < offsets[group + 1]; at++) {
      sum += gradient[positions[at] * uniforms.columns + column];
    }
    result[index] = sum;
  }
}
