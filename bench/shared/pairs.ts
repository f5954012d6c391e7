/** What a bench prints of one side of a comparison. */
export interface Side {
  name: string;
  run(): Promise<void>;
}

export interface Compared {
  a: number[];
  b: number[];
}

/** Runs two sides in turn, A B A B, so that a machine that slows down slows both; one round first is not counted. */
export async function inPairs(a: Side, b: Side, rounds: number): Promise<Compared> {
  const times: Compared = { a: [], b: [] };
  for (let round = 0; round <= rounds; round++) {
    for (const [key, side] of [["a", a] as const, ["b", b] as const]) {
      const started = performance.now();
      await side.run();
      if (round > 0) times[key].push(performance.now() - started);
    }
    process.stderr.write(`round ${round} of ${rounds}${round === 0 ? " (warm-up)" : ""}\n`);
  }
  return times;
}

export function median(values: number[]): number {
  const sorted = [...values].sort((x, y) => x - y);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
  return (low + high) / 2;
}

/** The medians of both sides and the median of the ratios, pair by pair. */
export function tell(a: Side, b: Side, times: Compared, target: string): void {
  const ratios = times.a.map((value, n) => value / (times.b[n] ?? Number.NaN));
  const spread = (values: number[]) => `${seconds(Math.min(...values))} to ${seconds(Math.max(...values))}`;
  console.log(`${a.name}: median ${seconds(median(times.a))} (${spread(times.a)})`);
  console.log(`${b.name}: median ${seconds(median(times.b))} (${spread(times.b)})`);
  console.log(`ratio, median of ${ratios.length} pairs: ${median(ratios).toFixed(2)} (target: ${target})`);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)}s`;
}
