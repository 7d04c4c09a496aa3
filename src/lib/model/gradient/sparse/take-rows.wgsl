// Row ids[p] of the table for each place p of a batch; zeros where there is none. One lane a value.
fn main(index : i32) {
  if (index < uniforms.size) {
    let place = index / uniforms.columns;
    let row = ids[place];
    let value = table[max(row, 0) * uniforms.columns + index - place * uniforms.columns];
    result[index] = select(0.0, value, row >= 0);
  }
}
