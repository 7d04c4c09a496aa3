/** Rows or users [first, last). */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/** Cuts `count` rows into `parts` contiguous ranges of about equal work. */
export function partition(count: number, parts: number, workOf: (row: number) => number): Range[] {
  const total = totalWork(count, workOf);
  const ranges: Range[] = [];
  let first = 0;
  let done = 0;
  for (let part = 1; part <= parts; part++) {
    let last = first;
    // a row belongs to the part in which its middle falls
    while (last < count && (part === parts || done + workOf(last) / 2 <= (total * part) / parts)) {
      done += workOf(last++);
    }
    ranges.push({ first, last });
    first = last;
  }
  return ranges;
}

/** What `count` rows take together. */
export function totalWork(count: number, workOf: (row: number) => number): number {
  let total = 0;
  for (let row = 0; row < count; row++) total += workOf(row);
  return total;
}
