// Adam on the rows of a batch, in place. The state is three tables of `tableSize` values one after another: values,
// first moments, second moments. One lane a value of the gradient.
fn main(index : i32) {
  if (index < uniforms.gradientSize) {
    let group = index / uniforms.columns;
    let row = rows[group];
    if (row >= 0) {
      let at = row * uniforms.columns + index - group * uniforms.columns;
      let g = gradient[index];
      let m = uniforms.beta1 * result[uniforms.tableSize + at] + (1.0 - uniforms.beta1) * g;
      let v = uniforms.beta2 * result[2 * uniforms.tableSize + at] + uniforms.rest2 * g * g;
      result[uniforms.tableSize + at] = m;
      result[2 * uniforms.tableSize + at] = v;
      result[at] -= uniforms.learningRate * (m / corrections[2 * group]) /
        (sqrt(v / corrections[2 * group + 1]) + uniforms.epsilon);
    }
  }
}
