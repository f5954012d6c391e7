import { Pace, type Clock } from "../../../../infra/engines/backup/pace";

const megabyte = 1_000_000;
const { signal } = new AbortController();

/** A clock that only work and sleep move on, and whose sleep is never in time. */
class LateClock implements Clock {
  #ms = 5000;

  constructor(private readonly lateMs: number) {}

  now(): number {
    return this.#ms;
  }

  async sleep(ms: number): Promise<void> {
    this.#ms += ms + this.lateMs;
  }

  async *read(megabytes: number, workMs: number) {
    for (let n = 0; n < megabytes; n++) {
      this.#ms += workMs;
      yield { documents: 1, bytes: Buffer.alloc(megabyte) };
    }
  }
}

async function megabytesInASecond(limit: number, megabytes: number, clock: LateClock, workMs: number) {
  const pace = new Pace(limit * megabyte, signal, clock);
  const started = clock.now();
  for await (const batch of pace.hold(clock.read(megabytes, workMs))) expect(batch.documents).toBe(1);
  return (megabytes / (clock.now() - started)) * 1000;
}

test.each([
  [10, 0, 0],
  [50, 4, 2],
  [100, 3, 2],
  [200, 3, 1],
])(
  "a limit of %i MB/s is kept within a tenth, with %i ms of work and timers %i ms late",
  async (limit, work, late) => {
    const rate = await megabytesInASecond(limit, 400, new LateClock(late), work);
    expect(rate).toBeGreaterThan(limit * 0.9);
    expect(rate).toBeLessThan(limit * 1.1);
  },
);

test("a long pause is not made up for by a rush", async () => {
  const clock = new LateClock(0);
  const pace = new Pace(10 * megabyte, signal, clock);
  await clock.sleep(60_000);
  const started = clock.now();
  for await (const batch of pace.hold(clock.read(20, 0))) expect(batch.documents).toBe(1);
  expect(clock.now() - started).toBeGreaterThanOrEqual(1500);
});

test("a backup that is stopped does not wait until its pace allows more", async () => {
  const stop = new AbortController();
  const batches = new Pace(1, stop.signal).hold(new LateClock(0).read(2, 0));
  await batches.next();
  const next = batches.next();
  stop.abort(new Error("stopped"));
  await expect(next).rejects.toThrow();
});
