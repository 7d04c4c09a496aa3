// Σ over the columns of each row. One lane a row: a batch has thousands of rows of a few dozen columns, and a
// workgroup a row, as tfjs's own sum has it, spends its time at barriers.
fn main(index : i32) {
  if (index < uniforms.size) {
    var sum = 0.0;
    for (var column = 0; column < uniforms.columns; column++) {
      sum += values[index * uniforms.columns + column];
    }
    result[index] = sum;
  }
}
