import { complaintOf } from "../../ops/dnd";
import { runCell } from "./cell";
import type { Fault } from "./faults";
import { steps, type Step } from "./moments";
import { ReleaseTrial } from "./trial";

const patienceMs = 300_000;

interface Rows {
  faults: readonly Fault[];
  /** Where the stack's folder is; the machine's own place for such things unless told otherwise. */
  folder: string | undefined;
  /** Why a cell is not tried; undefined where it is. */
  leftOut: (fault: Fault, step: Step) => string | undefined;
}

/** Declares the rows of the matrix, on one stack: each cell goes on from what the one before has left. */
export function promiseRows({ faults, folder, leftOut }: Rows): void {
  let trial: ReleaseTrial;
  const untried: string[] = [];

  beforeAll(async () => {
    trial = await ReleaseTrial.open(folder, 1);
    expect(complaintOf(await trial.release())).toBe("");
  }, patienceMs);
  afterAll(async () => {
    if (untried.length > 0) process.stderr.write(`left out:\n${untried.join("\n")}\n`);
    await trial.close();
  }, patienceMs);

  describe.each(faults)("%s", (fault) => {
    const tried = steps.filter((step) => {
      const reason = leftOut(fault, step);
      if (reason !== undefined) untried.push(`  ${fault} in the middle of ${step}: ${reason}`);
      return reason === undefined;
    });
    for (const step of tried) promiseCell(() => trial, step, fault);
    promiseRecovery(() => trial);
  });

  test(
    "and nothing is left to do afterwards, and a rollback works",
    async () => {
      expect(complaintOf(await trial.stack.dnd("preview", "--expect-no-changes"))).toBe("");
      // The schema has to go along: its contract migrations took away what the code before needs.
      expect(complaintOf(await trial.stack.dnd("rollback", "full", "--yes"))).toBe("");
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
      let version = await trial.serving();
      if (!trial.released) {
        version = `${trial.lane}.99.0`;
        await trial.stack.configure({ app: { version } });
        expect(complaintOf(await trial.release())).toBe("");
        expect(await trial.serving()).toBe(version);
      }
      expect(await trial.lies(version)).toEqual([]);
      expect(await trial.damage()).toEqual([]);
    },
    patienceMs,
  );
}
