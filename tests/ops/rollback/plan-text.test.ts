import type { RollbackPlan } from "../../../infra/engines/release";
import { lossText, planText } from "../../../ops/rollback/plan-text";

const image = (version: string) => ({ name: "app", version, digest: `sha256:${version.repeat(9)}` });
const plan: RollbackPlan = {
  ...{ kind: "full", rollbackOf: 4, target: 2, reverting: [], staying: [], archive: null, loss: 0 },
  image: { before: image("1.2.0"), after: image("1.1.0") },
  schema: { before: "2", after: "2" },
  ...{ expectedMs: 12_000, obstacles: [], passedOver: [] },
};
const archive = { id: "a2", store: "backups", release: 2, takenAt: "2026-11-20T09:00:00Z", bytes: 5000 };

describe("the plan of a rollback, for the person who has to confirm it", () => {
  test("says what would change, what would be lost and how long it takes", () => {
    const text = planText({ ...plan, archive: { ...archive, damaged: false }, loss: 7 });
    expect(text).toMatch(/^rollback \(full\): release 4 goes back to the state of release 2$/m);
    expect(text).toMatch(/^ +image +1\.2\.0 \(.*\) to 1\.1\.0 /m);
    expect(text).toMatch(/^ +data +from a2 \(5\.0 kB, 2026-11-20T09:00:00Z\); lost: 7 writes since$/m);
    expect(text).toMatch(/^ +takes +about 12\.0s$/m);
    expect(lossText({ ...plan, archive: { ...archive, damaged: false }, loss: "unknown" })).toContain(
      "an unknown number of writes since would be lost",
    );
  });

  test("speaks of no way from a release to itself where the image stays", () => {
    const text = planText({
      ...plan,
      kind: "migration",
      target: 4,
      image: { before: image("1.2.0"), after: image("1.2.0") },
    });
    expect(text.split("\n")[0]).toBe(
      "rollback (migration): the image of release 4 stays, what is named below goes back",
    );
  });

  test("says which newer releases it passes over, and why", () => {
    const text = planText({ ...plan, passedOver: [{ release: 3, takenAway: ["20261102"] }] });
    expect(text).toMatch(/^ +! release 3 is passed over: 20261102 took away what its code needs$/m);
  });

  test("names each thing in its way with the way that is left", () => {
    const obstacles = [
      { code: "one-way", reason: "it has no way back", wayLeft: "over an archive" },
    ] as const;
    expect(planText({ ...plan, obstacles: [...obstacles] })).toMatch(
      /✗ it has no way back\n +over an archive$/,
    );
  });
});
