import { confirmRestore, restoreState, undoRestore } from "../../../../../infra/engines/backup";
import { TwoStates } from "./two-states";

let states: TwoStates;
let old: unknown;
let wanted: unknown;

beforeAll(async () => {
  states = await TwoStates.open("restore_killed");
  wanted = await states.viewOf(states.archived);
});
afterAll(() => states.close());

const longMs = 15 * 60_000;

/** Kills at every moment, one after the other, until a run ends by itself; each time the database has to come right. */
async function killEverywhere(
  verb: "restore" | "undo" | "confirm",
  prepare: () => Promise<unknown>,
  check: () => Promise<void>,
  step = 1,
): Promise<number> {
  for (let moment = 0; ; moment += step) {
    await states.resetStanding();
    old = await states.viewOf(states.db);
    await prepare();
    if (!(await states.kill(verb, moment))) return moment;
    expect(await restoreState(states.address)).toHaveLength(1);
    await check();
    expect(await states.leftovers()).toEqual([]);
  }
}

const takenBack = async () => {
  await undoRestore(states.address);
  expect(await states.viewOf(states.db)).toEqual(old);
};
const nothing = () => Promise.resolve();
const restored = () => states.kill("restore", "never");

test(
  "a switch killed at any moment is completed by confirming it",
  async () => {
    const moments = await killEverywhere("restore", nothing, async () => {
      await confirmRestore(states.address);
      expect(await states.viewOf(states.db)).toEqual(wanted);
    });
    expect(moments).toBeGreaterThan(30);
  },
  longMs,
);

test(
  "a switch killed at any moment is taken back by undoing it",
  async () => {
    // The moments are those of the test above: every other one is enough for the other way out.
    await killEverywhere("restore", nothing, takenBack, 2);
  },
  longMs,
);

test(
  "an undo killed at any moment is completed by the next one",
  async () => {
    const moments = await killEverywhere("undo", restored, takenBack);
    expect(moments).toBeGreaterThan(25);
  },
  longMs,
);

test(
  "a confirmation killed at any moment is completed by the next one",
  async () => {
    const moments = await killEverywhere("confirm", restored, async () => {
      await confirmRestore(states.address);
      expect(await states.viewOf(states.db)).toEqual(wanted);
    });
    expect(moments).toBeGreaterThan(10);
  },
  longMs,
);
