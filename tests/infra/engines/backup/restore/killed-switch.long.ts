import { confirmRestore, restoreState, undoRestore } from "../../../../../infra/engines/backup";
import { TwoStates } from "./two-states";

const longMs = 15 * 60_000;
let opened = 0;

/** A database for a test of its own: they run beside each other, for most of what they do is waiting for the server. */
async function atTwoStates(work: (states: TwoStates, wanted: unknown) => Promise<void>): Promise<void> {
  const states = await TwoStates.open(`restore_killed_${++opened}`);
  try {
    await states.resetStanding();
    await work(states, await states.viewOf(states.archived));
  } finally {
    await states.close();
  }
}

interface Killing {
  verb: "restore" | "undo" | "confirm";
  prepare?: () => Promise<unknown>;
  check: () => Promise<void>;
  step?: number;
}

/** Kills at every moment, one after the other, until a run ends by itself; each time the database has to come right. */
async function killEverywhere(
  states: TwoStates,
  { verb, prepare, check, step = 1 }: Killing,
): Promise<number> {
  for (let moment = 0; ; moment += step) {
    await prepare?.();
    if (!(await states.kill(verb, moment))) return moment;
    expect(await restoreState(states.address)).toHaveLength(1);
    await check();
    expect(await states.leftovers()).toEqual([]);
  }
}

const confirmed = (states: TwoStates, wanted: unknown) => async () => {
  await confirmRestore(states.address);
  expect(await states.viewOf(states.db)).toEqual(wanted);
};
/** What stands then is what stood before: the next kill may begin with it. */
const takenBack = (states: TwoStates, old: unknown) => async () => {
  await undoRestore(states.address);
  expect(await states.viewOf(states.db)).toEqual(old);
};

test.concurrent(
  "a switch killed at any moment is completed by confirming it",
  () =>
    atTwoStates(async (states, wanted) => {
      const prepare = () => states.resetStanding();
      const check = confirmed(states, wanted);
      expect(await killEverywhere(states, { verb: "restore", prepare, check })).toBeGreaterThan(30);
    }),
  longMs,
);

test.concurrent(
  "a switch killed at any moment is taken back by undoing it",
  () =>
    atTwoStates(async (states) => {
      const check = takenBack(states, await states.viewOf(states.db));
      // The moments are those of the test above: every other one is enough for the other way out.
      await killEverywhere(states, { verb: "restore", check, step: 2 });
    }),
  longMs,
);

test.concurrent(
  "an undo killed at any moment is completed by the next one",
  () =>
    atTwoStates(async (states) => {
      const prepare = () => states.restore();
      const check = takenBack(states, await states.viewOf(states.db));
      expect(await killEverywhere(states, { verb: "undo", prepare, check })).toBeGreaterThan(25);
    }),
  longMs,
);

test.concurrent(
  "a confirmation killed at any moment is completed by the next one",
  () =>
    atTwoStates(async (states, wanted) => {
      const prepare = async () => {
        await states.resetStanding();
        await states.restore();
      };
      const check = confirmed(states, wanted);
      expect(await killEverywhere(states, { verb: "confirm", prepare, check })).toBeGreaterThan(10);
    }),
  longMs,
);
