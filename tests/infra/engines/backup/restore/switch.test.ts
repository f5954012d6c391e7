import {
  confirmRestore,
  restoreArchive,
  restoreState,
  takeBackup,
  undoRestore,
} from "../../../../../infra/engines/backup";
import { TwoStates } from "./two-states";

let states: TwoStates;
let old: unknown;
let wanted: unknown;

beforeAll(async () => {
  states = await TwoStates.open("restore_switch");
  wanted = await states.viewOf(states.archived);
});
beforeEach(async () => {
  await states.resetStanding();
  old = await states.viewOf(states.db);
});
afterAll(() => states.close());

const restore = () => restoreArchive({ store: states.folder, id: states.id, to: states.address, drop: true });
const ofStanding = () =>
  ({ address: states.address, store: states.folder, environment: "development", release: 2 }) as const;
const undone = () => undoRestore(states.address);
const now = () => states.viewOf(states.db);

describe("a restore over collections of every kind", () => {
  test("is as the archive, keeps the old ones until it is confirmed, and leaves nothing then", async () => {
    expect(await restore()).toMatchObject({ written: true, undoable: true });
    expect(await now()).toEqual(wanted);
    const [state] = await restoreState(states.address);
    expect(state).toMatchObject({ phase: "kept", archive: states.id });
    expect(state?.kept).toHaveLength(7);
    expect(await states.leftovers()).toEqual(["__restore", ...(state?.kept ?? [])].sort());
    expect((await confirmRestore(states.address)).collections).toEqual(state?.kept);
    expect(await states.leftovers()).toEqual([]);
    expect(await now()).toEqual(wanted);
    await expect(undoRestore(states.address)).rejects.toMatchObject({ code: "restore-nothing-kept" });
  });

  test("is undone in one command, and once more for the one before it", async () => {
    await restore();
    await states.db.collection("heroes").insertOne({ name: "since" });
    const between = await now();
    await restore();
    expect(await now()).toEqual(wanted);
    await undoRestore(states.address);
    expect(await now()).toEqual(between);
    await undoRestore(states.address);
    expect(await now()).toEqual(old);
    expect(await states.leftovers()).toEqual([]);
    expect(await restoreState(states.address)).toEqual([]);
  });

  test("that was killed while shadows filled says so, and has changed nothing", async () => {
    expect(await states.kill("restore", "restoring")).toBe(true);
    expect(await now()).toEqual(old);
    expect(await restoreState(states.address)).toMatchObject([{ phase: "loading", kept: [] }]);
    await restore();
    expect(await now()).toEqual(wanted);
    await undoRestore(states.address);
    expect(await states.leftovers()).toEqual([]);
  });

  test("that was killed in the middle of its switch says so, and is completed by whatever comes next", async () => {
    expect(await states.kill("restore", 9)).toBe(true);
    expect(await restoreState(states.address)).toMatchObject([{ phase: "switching" }]);
    await expect(takeBackup(ofStanding())).rejects.toMatchObject({ code: "backup-half-restored" });
    await confirmRestore(states.address);
    expect(await now()).toEqual(wanted);
    expect(await states.leftovers()).toEqual([]);
  });

  test("that was killed in place says so until all of an archive is there, however often it is killed", async () => {
    const half = async () => (await restoreState(states.address)).filter(({ phase }) => phase === "in-place");
    for (const kills of [1, 2]) {
      expect(await states.kill("in-place", "restoring")).toBe(true);
      expect(await half()).toHaveLength(kills);
    }
    const [{ safetyArchive } = { safetyArchive: null }, second] = await half();
    expect(second?.safetyArchive).toBe(safetyArchive);
    for (const nothing of [() => takeBackup(ofStanding()), undone, () => confirmRestore(states.address)])
      await expect(nothing()).rejects.toMatchObject({
        code: expect.stringMatching(/half-restored|restore-incomplete/),
      });
    expect(await states.kill("restore", 3)).toBe(true);
    expect(await restore()).toMatchObject({ written: true });
    expect(await now()).toEqual(wanted);
    expect(await half()).toEqual([]);
    await restoreArchive({ ...ofStanding(), to: states.address, id: safetyArchive ?? "", drop: true });
    expect(await now()).toEqual(old);
  });
});
