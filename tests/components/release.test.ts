import * as pulumi from "@pulumi/pulumi";
import type { DeployStep, ReleaseArgs } from "../../components/release";
import type { RollbackOrder } from "../../infra/engines/release";
import { Watched, type Asked } from "./watched";

const watched = new Watched();
const image = { name: "app", version: "1.0.0", digest: "sha256:1" };
const address = { uri: "mongodb://127.0.0.1:1/", name: "app", credentials: "none" } as const;

beforeAll(() => watched.start((_type, name) => ({ url: `http://${name}`, verdict: "passed" }), {}));
beforeEach(() => watched.forget());

const judgedBy = (p95Ms: number): ReleaseArgs["verification"] => ({
  ...{ bakeMs: 0, sample: 1 },
  thresholds: { errorPercent: { warn: 1, fail: 5 }, p95Ms: { warn: 1000, fail: p95Ms }, slowdown: 2 },
});

const args = async (): Promise<ReleaseArgs> => {
  const { Restore } = await import("../../infra/resources");
  const deploy = (step: DeployStep, parent: pulumi.Resource) => {
    // Any resource stands in for the machines: what counts is after what they come.
    const inputs = { release: null, address, order: null, serving: { host: "local", app: "a" } } as const;
    const machines = new Restore("machines", inputs, { parent, dependsOn: step.after });
    const said = { url: pulumi.output(""), digest: pulumi.output(""), machines: pulumi.output([]) };
    return Object.assign(machines, said);
  };
  return {
    ...{ environment: "development", database: pulumi.output(address), store: "backups", copies: [] },
    ...{ snapshot: undefined, commit: null, made: {}, deploy },
    archive: { preset: "fast", restoreTest: false, recipients: [] },
    migrations: {
      folder: "migrations",
      rules: { timeoutMs: 1, onFailure: "stop", requireDown: false, schema: null },
      rehearsal: null,
    },
    policy: { backup: true, skipMigrations: false },
    promotion: null,
    verification: judgedBy(2000),
    serving: { host: "local", app: "a" },
    observers: {
      image: async () => image,
      database: async () => ({ state: "ready", address }),
      migrations: async () => ({ schemaVersion: "2", pending: [], problems: [] }),
      newestRelease: async () => ({ newest: null, done: null }),
      estimate: async () => null,
    },
  } as Partial<ReleaseArgs> as ReleaseArgs;
};

const order: RollbackOrder = {
  ...{
    documentVersion: 1,
    kind: "full",
    key: "0b0b0b0b-0000-4000-8000-000000000000",
    rollbackOf: 3,
    target: 1,
  },
  ...{ image, archive: null, quarantine: "sha256:3", reason: "slow", commit: null },
  ...{ acceptedLoss: 0, plannedOn: { release: 3, state: "done" } },
  reverting: [
    { version: "2", description: "narrow", phase: "contract" },
    { version: "1", description: "widen", phase: "expand" },
  ],
};

/** After what each step comes, by the names of the steps. */
async function orderOf(
  change: Partial<ReleaseArgs>,
): Promise<{ after: Record<string, string>; all: Asked[] }> {
  const { Release } = await import("../../components/release");
  new Release("release", { ...(await args()), ...change }, watched.options);
  const all = await watched.all();
  const after: Record<string, string> = {};
  for (const { name, options } of all) {
    const [one] = [options.dependsOn ?? []].flat();
    const urn = one && (await new Promise<string>((known) => (one as pulumi.Resource).urn.apply(known)));
    after[name] = urn?.split("::").at(-1) ?? "";
  }
  return { after, all };
}

test("forward, expand migrations come before the machines and contract migrations after the verification", async () => {
  const { after } = await orderOf({});
  expect(after).toMatchObject({
    ...{ backup: "preflight", restore: "backup", "expand-migrations": "restore" },
    ...{ machines: "expand-migrations", verification: "machines" },
    ...{ "contract-migrations": "verification", record: "contract-migrations" },
  });
});

test("back, the same steps are turned round, and take back what the order names", async () => {
  const { after, all } = await orderOf({ order });
  expect(after).toMatchObject({
    ...{ backup: "preflight", "contract-migrations": "restore", machines: "contract-migrations" },
    ...{ verification: "machines", "expand-migrations": "verification", record: "expand-migrations" },
  });
  const inputsOf = (name: string) => all.find((one) => one.name === name)?.inputs;
  expect(inputsOf("contract-migrations")).toMatchObject({ reverting: [{ version: "2" }], pending: [] });
  expect(inputsOf("expand-migrations")).toMatchObject({ reverting: [{ version: "1" }], pending: [] });
  const details = { kind: "rollback", rollbackOf: 3, target: 1, reason: "slow" };
  expect(inputsOf("preflight")).toMatchObject({ details, quarantine: "sha256:3" });
});

test("with data, the machines come after the restore, whose key is the order's own", async () => {
  const archive = { id: "archive-2", store: "backups" };
  const { after, all } = await orderOf({ order: { ...order, reverting: [], archive } });
  expect(after).toMatchObject({
    restore: "backup",
    "expand-migrations": "restore",
    machines: "expand-migrations",
  });
  const wanted = { key: order.key, archive: "archive-2", store: "backups" };
  expect(all.find(({ name }) => name === "restore")?.inputs).toMatchObject({ order: wanted });
});

test("how fast the app must be is what the stack says, at the machines' own gate too", async () => {
  const steps: DeployStep[] = [];
  const { deploy, ...rest } = await args();
  const noted = (step: DeployStep, parent: pulumi.Resource) => {
    steps.push(step);
    return deploy(step, parent);
  };
  await orderOf({ ...rest, deploy: noted });
  await orderOf({ ...rest, deploy: noted, verification: judgedBy(5000) });
  expect(steps.map(({ p95Ms }) => p95Ms)).toEqual([undefined, 5000]);
  const { guidesThresholds } = await import("../../infra/engines/health");
  expect(guidesThresholds.p95Ms.fail).toBe(2000);
});
