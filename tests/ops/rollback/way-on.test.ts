import type { RollbackPlan } from "../../../infra/engines/release";
import { wayOn } from "../../../ops/rollback/way-on";

const image = { name: "app", version: "1.0.0", digest: "sha256:1" };
const migration = { version: "12", description: "twelve", phase: "expand" as const };
const plan = (over: Partial<RollbackPlan>): RollbackPlan => ({
  ...{ kind: "full", rollbackOf: 3, target: 2, image: { before: image, after: image } },
  ...{ schema: { before: "12", after: "10" }, reverting: [], staying: [], passedOver: [], archive: null },
  ...{ loss: 0, expectedMs: null, obstacles: [] },
  ...over,
});
const archive = {
  ...{ id: "archive-3", store: "backups", release: 3, takenAt: "2026-11-03T09:00:00Z" },
  ...{ bytes: 1, damaged: false },
};

test.each([
  [
    "names the archive that was confirmed",
    plan({ archive }),
    {},
    "dnd rollback full --to 2 --backup archive-3 --stack dev",
  ],
  [
    "counts the migrations that are left",
    plan({ kind: "migration", reverting: [migration, migration] }),
    {},
    "dnd rollback migration --steps 1 --stack dev",
  ],
  [
    "names the release where that was asked for",
    plan({ kind: "migration", reverting: [migration, migration] }),
    { to: 2 },
    "dnd rollback migration --to 2 --stack dev",
  ],
])("what goes on with a rollback that broke off %s, and asks anew", (_what, seen, asked, expected) => {
  expect(wayOn(seen, { stack: "dev", ...asked }, 1)).toBe(expected);
});
