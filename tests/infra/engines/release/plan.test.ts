import {
  planOrdered,
  planRelease,
  type RollbackOrder,
  type Image,
  type Observers,
  type Release,
} from "../../../../infra/engines/release";

const address = { uri: "mongodb://127.0.0.1:1/", name: "app", credentials: "none" } as const;
const image = (version: string): Image => ({ name: "app", version, digest: `sha256:${version}` });
const policy = { backup: true, skipMigrations: false };
const pending = { version: "1", description: "first", phase: "expand", reversible: true } as const;

function release(number: number, state: Release["state"], version: string): Release {
  const started = new Date();
  return {
    _id: number,
    documentVersion: 1,
    state,
    environment: "development",
    image: image(version),
    schema: { before: null, after: null },
    archive: null,
    why: [],
    startedAt: started,
    finishedAt: started,
    by: "gm",
    host: "here",
    commit: null,
    steps: [],
    error: null,
  };
}

function world(seen: Partial<Observers> & { newest?: Release | null; done?: Release | null }): Observers {
  return {
    image: async () => image("1.0.0"),
    database: async () => ({ state: "ready", address }),
    migrations: async () => ({ schemaVersion: "7", pending: [], problems: [] }),
    newestRelease: async () => ({ newest: seen.newest ?? null, done: seen.done ?? null }),
    estimate: async () => ({ collections: 3, documents: 10, bytes: 1000, durationMs: null }),
    ...seen,
  };
}

const order: RollbackOrder = {
  ...{
    documentVersion: 1,
    kind: "full",
    key: "00000000-0000-4000-8000-000000000000",
    rollbackOf: 4,
    target: 3,
  },
  ...{
    image: image("0.9.0"),
    reverting: [],
    archive: null,
    acceptedLoss: 0,
    plannedOn: { release: 4, state: "done" },
  },
  ...{ quarantine: null, reason: "asked for", commit: null },
};

describe("a rollback that was confirmed", () => {
  test("takes the next number", async () => {
    const done = release(4, "done", "1.0.0");
    expect(await planOrdered(order, world({ newest: done, done }), policy)).toMatchObject({ number: 5 });
  });

  test.each([
    ["another release was made since", release(5, "done", "1.1.0")],
    ["its release has ended otherwise since", release(4, "failed", "1.0.0")],
  ])("is refused when %s", async (_what, newest) => {
    const planned = planOrdered(order, world({ newest }), policy);
    await expect(planned).rejects.toMatchObject({ code: "rollback-outdated", kind: "refused" });
  });
});

describe("the plan of a release", () => {
  test("of a database that does not exist yet is known: release 1 with all migrations", async () => {
    const plan = await planRelease(
      world({
        database: async () => ({ state: "new" }),
        migrations: async () => ({ schemaVersion: null, pending: [pending], problems: [] }),
      }),
      policy,
    );
    expect(plan).toMatchObject({ number: 1, todo: true, database: "new", pending: [pending] });
  });

  test("raises no number when there is nothing to do", async () => {
    const done = release(4, "done", "1.0.0");
    const plan = await planRelease(world({ newest: done, done }), policy);
    expect(plan).toMatchObject({ number: 4, todo: false, why: [], backup: { wanted: false } });
  });

  test("raises the number for another image, a pending migration and a release that did not end well", async () => {
    const done = release(4, "done", "0.9.0");
    expect(await planRelease(world({ newest: done, done }), policy)).toMatchObject({
      number: 5,
      why: ["image 0.9.0 to 1.0.0"],
    });
    const rebuilt = { ...done, image: { ...image("1.0.0"), digest: "sha256:of-other-sources" } };
    expect(await planRelease(world({ newest: rebuilt, done: rebuilt }), policy)).toMatchObject({
      number: 5,
      why: ["image 1.0.0, built of other sources"],
    });
    const same = release(4, "done", "1.0.0");
    const behind = { migrations: async () => ({ schemaVersion: "6", pending: [pending], problems: [] }) };
    expect(await planRelease(world({ newest: same, done: same, ...behind }), policy)).toMatchObject({
      number: 5,
      backup: { wanted: true },
    });
    const failed = release(5, "failed", "1.0.0");
    expect(await planRelease(world({ newest: failed, done: same }), policy)).toMatchObject({
      number: 6,
      todo: true,
    });
  });

  test("leaves migrations alone where the settings say skip", async () => {
    const done = release(4, "done", "1.0.0");
    const behind = { migrations: async () => ({ schemaVersion: "6", pending: [pending], problems: [] }) };
    const plan = await planRelease(world({ newest: done, done, ...behind }), {
      ...policy,
      skipMigrations: true,
    });
    expect(plan).toMatchObject({ number: 4, todo: false, pending: [] });
  });

  test("claims to know nothing while the database is down", async () => {
    const plan = await planRelease(world({ database: async () => ({ state: "down" }) }), policy);
    expect(plan).toMatchObject({ number: null, todo: false, database: "down" });
  });
});
