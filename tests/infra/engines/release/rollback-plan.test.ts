import {
  planRollback,
  type AppliedMigration,
  type KnownArchive,
  type Release,
  type RollbackFacts,
  type RollbackWish,
} from "../../../../infra/engines/release";

const started = new Date("2026-11-01T10:00:00Z");

function release(number: number, over: Partial<Release> & { version?: string } = {}): Release {
  const { version = `${number}.0.0`, ...rest } = over;
  return {
    _id: number,
    documentVersion: 1,
    state: "done",
    environment: "production",
    image: { name: "app", version, digest: `sha256:${version}` },
    schema: { before: "10", after: "10" },
    archive: { id: `archive-${number}`, bytes: 1000 },
    why: [],
    startedAt: started,
    finishedAt: started,
    by: "gm",
    host: "here",
    commit: `commit-${number}`,
    steps: [
      { name: "backup", outcome: "done", at: started, durationMs: 2000 },
      { name: "app-machines", outcome: "done", at: started, durationMs: 5000 },
      { name: "verification", outcome: "done", at: started, durationMs: 1000 },
    ],
    error: null,
    ...rest,
  };
}

const archive = (number: number, over: Partial<KnownArchive> = {}): KnownArchive => ({
  id: `archive-${number}`,
  store: "backups",
  release: number,
  takenAt: `2026-11-0${number}T09:00:00Z`,
  bytes: 1000,
  damaged: false,
  ...over,
});

const applied = (version: string, phase: "expand" | "contract", oneWay?: string): AppliedMigration => ({
  version,
  description: `change ${version}`,
  phase,
  oneWay,
});

/** Three good releases of three images, over one schema. */
const facts = (over: Partial<RollbackFacts> = {}): RollbackFacts => ({
  releases: [release(3), release(2), release(1, { schema: { before: null, after: "10" } })],
  applied: [applied("10", "expand")],
  archives: [archive(3), archive(2)],
  imagesGone: new Set(),
  quarantine: new Set(),
  writesSince: {},
  ...over,
});

/** The third release brought an expand and a contract migration. */
const withSchema = (contract: AppliedMigration, over: Partial<RollbackFacts> = {}) =>
  facts({
    releases: [release(3, { schema: { before: "10", after: "12" } }), release(2), release(1)],
    applied: [applied("10", "expand"), applied("11", "expand"), contract],
    ...over,
  });
const reversible = applied("12", "contract");
const oneWay = applied("12", "contract", "it has no `down`");

interface Good {
  what: string;
  wish: RollbackWish;
  facts: RollbackFacts;
  to: Record<string, unknown>;
}

const good: Good[] = [
  {
    what: "app goes to the last good image, and leaves data and schema",
    wish: { kind: "app" },
    facts: facts(),
    to: {
      ...{ target: 2, passedOver: [], image: { after: { version: "2.0.0" } } },
      ...{ reverting: [], archive: null, loss: 0 },
    },
  },
  {
    what: "app goes to the release that was named",
    wish: { kind: "app", to: 1 },
    facts: facts(),
    to: { target: 1, image: { after: { version: "1.0.0" } }, schema: { before: "10", after: "10" } },
  },
  {
    what: "app passes over an image in quarantine and over what runs already",
    wish: { kind: "app" },
    facts: facts({
      releases: [release(4, { version: "2.0.0", kind: "rollback" }), ...facts().releases],
      quarantine: new Set(["sha256:3.0.0"]),
    }),
    to: { target: 1, rollbackOf: 4 },
  },
  {
    what: "app lives with a contract migration that its release declared to live with",
    wish: { kind: "app" },
    facts: withSchema(oneWay, {
      releases: [
        release(3, { schema: { before: "10", after: "12" } }),
        release(2, { livesWith: { min: "10", max: "12" } }),
      ],
    }),
    to: { target: 2 },
  },
  {
    what: "app passes over a release that cannot live with the schema of today, and says so",
    wish: { kind: "app" },
    facts: facts({
      releases: [
        release(5, { schema: { before: "12", after: "12" } }),
        release(4, { version: "2.0.0" }),
        release(3, { schema: { before: "10", after: "12" } }),
        ...facts().releases.slice(1),
      ],
      applied: [applied("10", "expand"), reversible],
    }),
    to: {
      target: 3,
      image: { after: { version: "3.0.0" } },
      passedOver: [{ release: 4, takenAway: ["12"] }],
    },
  },
  {
    what: "app goes to a release of the same image that declared to live with the schema of today",
    wish: { kind: "app" },
    facts: facts({
      releases: [
        release(4, { schema: { before: "12", after: "12" } }),
        release(3, { version: "2.0.0" }),
        release(2, { livesWith: { min: "10", max: "12" } }),
      ],
      applied: [applied("10", "expand"), reversible],
    }),
    to: {
      target: 2,
      image: { after: { version: "2.0.0" } },
      passedOver: [{ release: 3, takenAway: ["12"] }],
    },
  },
  {
    what: "a rollback of the image that was cut off goes elsewhere where its aim no longer fits",
    wish: { kind: "app" },
    facts: facts({
      releases: [
        release(5, { state: "failed", steps: [], kind: "rollback", rollbackOf: 4, target: 1 }),
        release(4, { schema: { before: "12", after: "12" } }),
        release(3, { version: "1.0.0", schema: { before: "12", after: "12" } }),
        release(1),
      ],
      applied: [applied("10", "expand"), reversible],
    }),
    to: { rollbackOf: 4, target: 3, passedOver: [{ release: 1, takenAway: ["12"] }] },
  },
  {
    what: "full takes the later migrations back, the newest first",
    wish: { kind: "full" },
    facts: withSchema(reversible),
    to: {
      target: 2,
      reverting: [{ version: "12" }, { version: "11" }],
      schema: { before: "12", after: "10" },
      loss: 0,
    },
  },
  {
    what: "full leaves an expand migration without a way back where it is",
    wish: { kind: "full" },
    facts: withSchema(reversible, {
      applied: [applied("10", "expand"), applied("11", "expand", "it has no `down`"), reversible],
    }),
    to: { reverting: [{ version: "12" }], staying: [{ version: "11" }], schema: { after: "11" } },
  },
  {
    what: "full with data takes the archive of the release after the target, and counts what is lost",
    wish: { kind: "full", backup: "latest" },
    facts: withSchema(oneWay, { writesSince: { "archive-3": 14 } }),
    to: { target: 2, archive: { id: "archive-3" }, reverting: [], loss: 14, schema: { after: "10" } },
  },
  {
    what: "writes that nobody can count are unknown, not none",
    wish: { kind: "full", backup: "latest" },
    facts: facts(),
    to: { archive: { id: "archive-3" }, loss: "unknown" },
  },
  {
    what: "migration takes one back unless told how many, under the image that runs",
    wish: { kind: "migration" },
    facts: withSchema(reversible),
    to: { target: 3, reverting: [{ version: "12" }], image: { after: { version: "3.0.0" } } },
  },
  {
    what: "migration takes as many back as were asked for",
    wish: { kind: "migration", steps: 2 },
    facts: withSchema(reversible),
    to: { reverting: [{ version: "12" }, { version: "11" }] },
  },
  {
    what: "database takes the newest archive, under the image that runs",
    wish: { kind: "database" },
    facts: facts({ writesSince: { "archive-3": 0 } }),
    to: { target: 3, archive: { id: "archive-3" }, loss: 0, image: { after: { version: "3.0.0" } } },
  },
  {
    what: "database passes over a damaged archive",
    wish: { kind: "database" },
    facts: facts({ archives: [archive(3, { damaged: true }), archive(2)] }),
    to: { archive: { id: "archive-2" } },
  },
  {
    what: "database passes over what a rollback has taken, for that holds what it went back from",
    wish: { kind: "database" },
    facts: facts({
      releases: [release(4, { kind: "data", state: "failed" }), ...facts().releases],
      archives: [archive(4), archive(3)],
    }),
    to: { archive: { id: "archive-3" } },
  },
  {
    what: "full with data passes over what a rollback to the same release has taken",
    wish: { kind: "full", to: 3, backup: "latest" },
    facts: facts({
      releases: [
        release(5, { kind: "data", state: "failed" }),
        release(4, { state: "failed" }),
        ...facts().releases,
      ],
      archives: [archive(5), archive(4), archive(3)],
    }),
    to: { target: 3, archive: { id: "archive-4" } },
  },
  {
    what: "what a failed release left in the schema goes back, under the image that runs",
    wish: { kind: "full" },
    facts: withSchema(reversible, {
      releases: [
        release(3, { state: "failed", steps: [], schema: { before: "10", after: null } }),
        release(2),
        release(1),
      ],
      applied: [applied("10", "expand"), applied("11", "expand")],
    }),
    to: {
      rollbackOf: 3,
      target: 2,
      reverting: [{ version: "11" }],
      image: { before: { version: "2.0.0" }, after: { version: "2.0.0" } },
    },
  },
  {
    what: "what was applied before a failed release stays, where only its own is to go back",
    wish: { kind: "full", keepingUpTo: "11" },
    facts: withSchema(reversible, {
      releases: [
        release(3, { state: "failed", steps: [], schema: { before: "11", after: null } }),
        release(2),
        release(1),
      ],
    }),
    to: { rollbackOf: 3, target: 2, reverting: [{ version: "12" }], schema: { after: "11" } },
  },
  {
    what: "a rollback that was cut off goes on to where it went, and takes back what it took back",
    wish: { kind: "app" },
    facts: facts({
      releases: [
        release(4, { state: "running", kind: "rollback", version: "1.0.0", rollbackOf: 3, target: 1 }),
        ...facts().releases,
      ],
      quarantine: new Set(["sha256:3.0.0"]),
    }),
    to: { rollbackOf: 3, target: 1, image: { after: { version: "1.0.0" } } },
  },
  {
    what: "data comes from before the migrations of a failed release, not from an archive that a later attempt took",
    wish: { kind: "full", to: 2, backup: "latest" },
    facts: withSchema(oneWay, {
      releases: [
        release(4, { state: "failed", steps: [], schema: { before: "11", after: null } }),
        release(3, { state: "failed", steps: [], schema: { before: "10", after: null } }),
        release(2),
      ],
      archives: [archive(4), archive(3), archive(2)],
    }),
    to: { target: 2, archive: { id: "archive-3" } },
  },
  {
    what: "a release that failed after its image was deployed goes back with its image",
    wish: { kind: "full" },
    facts: withSchema(reversible, {
      releases: [release(3, { state: "failed" }), release(2), release(1)],
      applied: [applied("10", "expand"), applied("11", "expand")],
    }),
    to: {
      target: 2,
      reverting: [{ version: "11" }],
      image: { before: { version: "3.0.0" }, after: { version: "2.0.0" } },
    },
  },
];

test.each(good)("$what", ({ wish, facts: seen, to }) => {
  const plan = planRollback(wish, seen);
  expect(plan).toMatchObject({ ...to, obstacles: [] });
  if (!("impossible" in plan))
    expect(plan.reverting).toHaveLength((to.reverting as [] | undefined)?.length ?? plan.reverting.length);
});

interface Stuck {
  what: string;
  wish: RollbackWish;
  facts: RollbackFacts;
  code: string;
  left: RegExp;
}

const stuck: Stuck[] = [
  {
    what: "an image that is gone",
    wish: { kind: "app" },
    facts: facts({ imagesGone: new Set(["sha256:2.0.0"]) }),
    code: "image-gone",
    left: /Check out commit-2 .*--to/,
  },
  {
    what: "an image in quarantine that was asked for by name",
    wish: { kind: "app", to: 2 },
    facts: facts({ quarantine: new Set(["sha256:2.0.0"]) }),
    code: "image-quarantined",
    left: /release-image sha256:2\.0\.0/,
  },
  {
    what: "old code over a schema that a contract migration has narrowed",
    wish: { kind: "app" },
    facts: withSchema(reversible),
    code: "schema-ahead",
    left: /rollback full --to 2/,
  },
  {
    what: "old code that was asked for by name, though other code would do",
    wish: { kind: "app", to: 1 },
    facts: withSchema(reversible, {
      releases: [
        release(3, { schema: { before: "12", after: "12" } }),
        release(2, { schema: { before: "10", after: "12" } }),
        release(1),
      ],
    }),
    code: "schema-ahead",
    left: /rollback full --to 1/,
  },
  {
    what: "a contract migration without a way back, with an archive from before it",
    wish: { kind: "full" },
    facts: withSchema(oneWay),
    code: "one-way",
    left: /rollback full --to 2 --backup archive-3/,
  },
  {
    what: "a contract migration without a way back, and no good archive",
    wish: { kind: "full" },
    facts: withSchema(oneWay, { archives: [archive(3, { damaged: true })] }),
    code: "one-way",
    left: /go forward/,
  },
  {
    what: "an archive that is damaged",
    wish: { kind: "full", backup: "archive-3" },
    facts: facts({ archives: [archive(3, { damaged: true }), archive(2)] }),
    code: "archive-damaged",
    left: /archive-2/,
  },
  {
    what: "an archive that is not there",
    wish: { kind: "database", backup: "archive-9" },
    facts: facts(),
    code: "no-archive",
    left: /backup list/,
  },
  {
    what: "data of another schema than the code needs",
    wish: { kind: "database" },
    facts: withSchema(oneWay),
    code: "archive-other-schema",
    left: /rollback full --to 2 --backup archive-3/,
  },
  {
    what: "no migration that could go back",
    wish: { kind: "migration" },
    facts: facts({ applied: [] }),
    code: "nothing-to-do",
    left: /release list/,
  },
];

test.each(stuck)("refuses $what, and names the way that is left", ({ wish, facts: seen, code, left }) => {
  const plan = planRollback(wish, seen);
  if ("impossible" in plan) throw new Error(plan.impossible.reason);
  expect(plan.obstacles.map((one) => one.code)).toEqual([code]);
  expect(plan.obstacles[0]?.wayLeft).toMatch(left);
});

test.each([
  { what: "the first release", seen: facts({ releases: [release(1)] }), wish: {}, code: "no-release" },
  {
    what: "a stack where nothing ended well yet",
    seen: facts({ releases: [release(1, { state: "failed", steps: [] })] }),
    wish: {},
    code: "no-release",
  },
  { what: "a release that never was", seen: facts(), wish: { to: 9 }, code: "unknown-release" },
  {
    what: "a release that failed itself",
    seen: facts({ releases: [release(3), release(2, { state: "failed" }), release(1)] }),
    wish: { to: 2 },
    code: "bad-release",
  },
])("there is no way back from or to $what", ({ seen, wish, code }) => {
  expect(planRollback({ kind: "app", ...wish }, seen)).toMatchObject({ impossible: { code } });
});

test("says how long it will take, going by the steps of earlier releases", () => {
  expect(planRollback({ kind: "app" }, facts())).toMatchObject({ expectedMs: 8000 });
  expect(planRollback({ kind: "full", backup: "latest" }, facts())).toMatchObject({ expectedMs: 12_000 });
  const mended = release(4, {
    version: "3.0.0",
    steps: [{ name: "app-machines", outcome: "done", at: started, durationMs: 70 }],
  });
  const since = facts({ releases: [mended, ...facts().releases] });
  // A release that found its machines in place tells nothing of how long a deployment takes.
  expect(planRollback({ kind: "app" }, since)).toMatchObject({ expectedMs: 8000 });
  const silent = facts({ releases: [release(2, { steps: [] }), release(1, { steps: [] })] });
  expect(planRollback({ kind: "app" }, silent)).toMatchObject({ expectedMs: null });
});
