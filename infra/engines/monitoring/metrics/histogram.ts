/** How many values fell into each bucket, by the bucket's name; buckets without any are left out. */
export type Histogram = Record<string, number>;

/** Eight buckets for each doubling: a quantile read from them is at most 9 percent above the true one. */
const perDoubling = 8;
const smallest = 2 ** -20;

/** The name of the bucket that a value falls into; what is smaller than a millionth counts as nothing. */
export function bucketOf(value: number): string {
  const size = Math.abs(value);
  if (size < smallest) return "0";
  const steps = Math.log2(size) * perDoubling;
  // A border belongs to the bucket below it. Rounding may have moved a value across one.
  if (value > 0) {
    const step = Math.ceil(steps);
    return `p${size > borderOf(step) ? step + 1 : size <= borderOf(step - 1) ? step - 1 : step}`;
  }
  const step = Math.floor(steps) + 1;
  return `n${size >= borderOf(step) ? step + 1 : size < borderOf(step - 1) ? step - 1 : step}`;
}

/** The largest value of a bucket. */
export function upperBorder(bucket: string): number {
  if (bucket === "0") return 0;
  const step = Number(bucket.slice(1));
  return bucket.startsWith("n") ? -borderOf(step - 1) : borderOf(step);
}

/** The value that a share of all values does not exceed, as well as the buckets can tell; null without values. */
export function quantile(histogram: Histogram, share: number): number | null {
  const counted = Object.entries(histogram).map(([name, count]) => ({ upper: upperBorder(name), count }));
  const total = counted.reduce((sum, { count }) => sum + count, 0);
  const wanted = Math.max(1, Math.ceil(share * total));
  let seen = 0;
  for (const { upper, count } of counted.sort((a, b) => a.upper - b.upper)) {
    seen += count;
    if (seen >= wanted) return upper;
  }
  return null;
}

/** Adds the counts of one histogram to another. */
export function addHistogram(to: Histogram, from: Histogram): void {
  for (const [name, count] of Object.entries(from)) to[name] = (to[name] ?? 0) + count;
}

function borderOf(step: number): number {
  return 2 ** (step / perDoubling);
}
