import { complaintOf } from "../../ops/dnd";
import { runCell } from "./cell";
import type { Fault } from "./faults";
import { steps, type Step } from "./moments";
import { ReleaseTrial } from "./trial";

const patienceMs = 300_000;

interface Rows {
  faults: readonly Fault[];
  /** All of them unless told otherwise. */
  at?: readonly Step[];
  /** Where the stack's folder is; the machine's own place for such things unless told otherwise. */
  parent?: () => string;
}

/** Declares the rows of the matrix for some faults, on one stack: each cell goes on from what the one before has left. */
export function promiseRows({ faults, at = steps, parent }: Rows): void {
  let trial: ReleaseTrial;

  beforeAll(async () => {
    trial = await ReleaseTrial.open(parent?.());
    expect(complaintOf(await trial.up())).toBe("");
  }, patienceMs);
  afterAll(() => trial.close(), patienceMs);

  describe.each(faults)("%s", (fault) => {
    beforeAll(() => trial.nextLane());
    for (const step of at) promiseCell(() => trial, step, fault);
    promiseRecovery(() => trial);
  });

  test(
    "and a rollback works afterwards",
    async () => {
      expect(complaintOf(await trial.stack.dnd("rollback", "app", "--yes"))).toBe("");
      expect(await trial.damage()).toEqual([]);
    },
    patienceMs,
  );
}

/** Declares one cell: whatever the release comes to, what serves, what is kept and what is written down agree. */
export function promiseCell(trialOf: () => ReleaseTrial, step: Step, fault: Fault): void {
  test(
    `${fault} in the middle of ${step} leaves the old or the new version serving, and a journal that is true`,
    async () => {
      const trial = trialOf();
      const cell = await runCell(trial, step, fault);
      expect(cell.reached).toBe(true);
      expect([cell.before, cell.wanted]).toContain(cell.serving);
      if (cell.code === 0) expect(cell.serving).toBe(cell.wanted);
      expect(cell.said).not.toContain("this is a bug");
      if (!(await trial.hasDatabase())) return;
      expect(await trial.lies(cell.serving)).toEqual([]);
      expect(await trial.damage()).toEqual([]);
    },
    patienceMs,
  );
}

/** Declares what must be possible after any of them. */
export function promiseRecovery(trialOf: () => ReleaseTrial): void {
  test(
    "is got over: the next up releases, nothing is lost, no release is left open",
    async () => {
      const trial = trialOf();
      const version = `${trial.lane}.99.0`;
      await trial.stack.configure({ app: { version } });
      expect(complaintOf(await trial.up())).toBe("");
      expect(await trial.serving()).toBe(version);
      expect(await trial.lies(version)).toEqual([]);
      expect(await trial.damage()).toEqual([]);
      expect((await trial.stack.dnd("preview", "--expect-no-changes")).code).toBe(0);
    },
    patienceMs,
  );
}
