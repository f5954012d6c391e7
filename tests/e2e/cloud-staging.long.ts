import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { loginOf, withStackLogin } from "../../infra/drivers/mongo";
import { Secret } from "../../infra/support";
import type { OperationResult } from "../../ops/engine";
import { passphrase } from "../embedded/pulumi/conformance/case";
import { encryptionSalt, seal } from "../embedded/pulumi/conformance/sealed";
import { CloudStack } from "../harness/cloud-stack";
import { describeWith } from "../harness/tools";
import { complaintOf, dnd, type DndRun } from "../ops/dnd";
import { servesAStackThatIsUp, servesBeforeTheFirstUp } from "./cloud/commands";
import { refusesMistakes } from "./cloud/mistakes";

/** A whole stack comes up in half a minute; a busy machine may take far longer. */
const patience = 600_000;
const releaseSteps = [
  ...["app-machines", "backup", "contract-migrations", "expand-migrations"],
  ...["preflight", "record", "verification"],
];
const users = "mongodbatlas:index/databaseUser:DatabaseUser";

/** What must never be seen, by where it stands in the settings. */
const canaries = {
  payments: "canary-key-of-payments",
  token: "canary-monitoring-token",
  redis: "canary-password-of-redis",
  slack: "https://hooks.example.com/services/canary-webhook",
  bot: "xoxb-canary-bot-token",
  mail: "canary-password-of-mail",
  pager: "canary-integration-key",
  hook: "canary-webhook-signature",
  github: "ghp_canary_github_token",
};
const sealedText = (text: string) => ({ secure: seal(text) });
const sealed = (name: keyof typeof canaries) => sealedText(canaries[name]);
const monitoring = {
  token: sealed("token"),
  services: [{ name: "cache", kind: "redis", url: "redis://cache.internal:6379", password: sealed("redis") }],
  channels: [
    { type: "slack", config: { webhook: sealed("slack") } },
    { type: "slack", name: "bot", config: { token: sealed("bot"), channel: "guild" } },
    { type: "email", config: { recipients: ["guild@example.com"], smtp: { password: sealed("mail") } } },
    { type: "pagerduty", config: { integrationKey: sealed("pager") } },
    { type: "webhook", config: { url: "https://hooks.example.com", secret: sealed("hook") } },
    { type: "github", config: { repository: "guild/tracker", token: sealed("github") } },
  ],
};

describeWith("versitygw")("a staging stack of the cloud", () => {
  let stack: CloudStack;
  const said: string[] = [];

  beforeAll(async () => {
    stack = await CloudStack.open({ environment: "staging", sealed: { passphrase, encryptionSalt } });
    for (const tag of ["v1", "v2"]) stack.push(tag);
  }, patience);
  afterAll(() => stack.close(), patience);

  async function heard(run: Promise<DndRun>): Promise<DndRun> {
    const done = await run;
    said.push(done.stdout, done.stderr);
    return done;
  }
  async function told(run: Promise<DndRun>): Promise<DndRun & { result: OperationResult }> {
    const done = await heard(run);
    return { ...done, result: JSON.parse(done.stdout) as OperationResult };
  }
  const up = (...more: string[]) => told(stack.dnd("up", "--yes", "--json", ...more));
  const errorsOf = ({ diagnostics }: OperationResult) =>
    diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);
  const deeds = () => [...stack.servers.aws.deeds, ...stack.servers.atlas.deeds].length;
  const changed = ({ steps }: OperationResult) =>
    steps.filter(({ op }) => op !== "same").map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`);
  const version = async () => (await fetch(`${stack.url}/health`)).headers.get("x-app-version");
  const key = (rotation: number) => ({ key: new Secret(stack.secrets.key), rotation });

  test(
    "is planned from nothing, and touches nothing until somebody says yes",
    async () => {
      await stack.want({
        app: { image: stack.imageOf("v1"), secrets: { PAYMENTS_KEY: sealed("payments") }, uploads: {} },
        database: { key: sealedText(stack.secrets.key) },
        monitoring,
      });
      expect((await heard(stack.dnd("up", "--diff"))).code).toBe(3);
      expect(deeds()).toBe(0);
      expect(stack.servers.api.entries).toEqual([]);
    },
    patience,
  );

  refusesMistakes(() => stack);
  servesBeforeTheFirstUp(() => stack);

  test(
    "is told in words which right is missing when it cannot let itself in; what there is by then can be previewed",
    async () => {
      const noUser = { did: "create", type: users, says: "Atlas is not well" } as const;
      for (let n = 0; n < 3; n++) stack.servers.atlas.fail(noUser);
      expect((await heard(stack.dnd("up", "--yes"))).code).toBe(1);
      stack.servers.atlas.forgive();
      expect(stack.servers.api.users.size).toBe(0);
      expect(complaintOf(await heard(stack.dnd("preview")))).toBe("");
      stack.servers.api.fail({ method: "POST", at: "/accessList", status: 403 });
      const { code, stdout, stderr } = await heard(stack.dnd("up", "--yes"));
      expect(code).toBe(1);
      expect(stdout + stderr).toMatch(
        /error: Atlas did not let 203\.0\.113\.7 in: .*\n\s*.*the role Project Owner/,
      );
      expect(stdout + stderr).not.toMatch(/\n\s+at /);
      expect(complaintOf(await heard(stack.dnd("preview")))).toBe("");
    },
    patience,
  );

  test(
    "comes up: cluster, users, bucket and the app, released over them",
    async () => {
      const { code, result } = await up();
      expect(errorsOf(result)).toEqual([]);
      expect(code).toBe(0);
      expect(await version()).toBeTruthy();
      expect(await stack.outputs()).toMatchObject({
        url: stack.url,
        backupStore: "s3://dnd-tracker-staging-111122223333?encryption=AES256",
        uploadsBucket: "dnd-tracker-staging-uploads-111122223333",
        release: { number: 1 },
        archive: { verified: true },
      });
    },
    patience,
  );

  test("lets who deploys in for two hours at most, and takes it off the list at the end", () => {
    const { seen, entries, callerAddress } = stack.servers.api;
    const added = seen.find(({ method, path }) => method === "POST" && path.includes("/accessList"));
    const [entry] = added?.body as { ipAddress: string; deleteAfterDate: string }[];
    expect(entry?.ipAddress).toBe(callerAddress);
    expect(Date.parse(entry?.deleteAfterDate ?? "")).toBeLessThanOrEqual(Date.now() + 2 * 60 * 60_000);
    expect(entries).toEqual([]);
  });

  test("lets the app in by its own fixed address, and nobody else", () => {
    const entries = stack.servers.atlas.things("mongodbatlas:index/projectIpAccessList:ProjectIpAccessList");
    const egress = stack.fly.world.app("tracker").addresses.all.find(({ kind }) => kind === "egress_v4");
    expect(entries.map(({ cidrBlock }) => cidrBlock)).toEqual([`${egress?.ip}/32`]);
  });

  test("gives every user what its work needs and no more", async () => {
    const as = (role: "app" | "backup") =>
      MongoClient.connect(withStackLogin(stack.servers.mongo.uri, loginOf(role, key(1)), "tracker").reveal());
    const [app, backup] = await Promise.all([as("app"), as("backup")]);
    await expect(app.db("tracker").collection("parties").find().toArray()).resolves.toBeDefined();
    await expect(app.db("tracker_ops").collection("releases").deleteMany({})).rejects.toThrow(
      /not authorized/,
    );
    const figures = app.db("tracker_ops");
    await expect(figures.collection("metric_hours").insertOne({ by: "the app" })).resolves.toBeDefined();
    await expect(figures.collection("alerts").deleteMany({})).rejects.toThrow(/not authorized/);
    await expect(backup.db("tracker").collection("parties").deleteMany({})).rejects.toThrow(/not authorized/);
    await Promise.all([app.close(), backup.close()]);
  });

  servesAStackThatIsUp(() => stack);

  test(
    "changes nothing when nothing is changed",
    async () => {
      const before = deeds();
      const { code, result } = await up("--expect-no-changes");
      expect(errorsOf(result)).toEqual([]);
      expect(changed(result)).toEqual([]);
      expect(code).toBe(0);
      expect(deeds()).toBe(before);
    },
    patience,
  );

  test(
    "changes exactly the release's steps for another image",
    async () => {
      await stack.want({ app: { image: stack.imageOf("v2") } });
      const before = deeds();
      const { code, result } = await up();
      expect(errorsOf(result)).toEqual([]);
      expect(code).toBe(0);
      expect(changed(result).sort()).toEqual(releaseSteps.map((name) => `update ${name}`));
      expect(deeds()).toBe(before);
    },
    patience,
  );

  test(
    "shows Atlas' own words when it refuses, and lives on with what it has",
    async () => {
      stack.servers.atlas.fail({
        did: "create",
        type: users,
        says: "USERS_QUOTA_EXCEEDED: 100 of 100 users",
      });
      await stack.want({ database: { rotation: 2 } });
      const { code, stdout, stderr } = await heard(stack.dnd("up", "--yes", "--diff"));
      expect(code).toBe(1);
      expect(stdout + stderr).toContain("USERS_QUOTA_EXCEEDED");
      expect(await fetch(`${stack.url}/api/health`).then(({ status }) => status)).toBe(200);
    },
    patience,
  );

  test(
    "goes on from there next time, and rotates its users with a time in which both work",
    async () => {
      const { code, result } = await up();
      expect(errorsOf(result)).toEqual([]);
      expect(code).toBe(0);
      const names = stack.servers.atlas.things(users).map(({ username }) => String(username));
      expect(names.sort()).toEqual(
        ["app", "backup", "migration"].flatMap((role) => [`dnd-${role}-1`, `dnd-${role}-2`]),
      );
      const { databaseUri } = JSON.parse(
        (await stack.dnd("outputs", "--json", "--show-secrets")).stdout,
      ) as Record<string, string>;
      expect(databaseUri).toContain("//dnd-app-2:");
      expect(await fetch(`${stack.url}/api/health`).then(({ status }) => status)).toBe(200);
    },
    patience,
  );

  test(
    "gives no user that is in use another password: another key without another rotation is refused",
    async () => {
      const another = { DND_DATABASE_KEY: "another-key-than-the-users-were-made-by" };
      const { code, stdout, stderr } = await heard(stack.dndWith(another, "preview"));
      expect(code).toBe(1);
      expect(stdout).not.toContain("dnd-app-");
      expect(stdout + stderr).toContain("Use the key that the stack's users were made by");
    },
    patience,
  );

  test(
    "lists its releases by the key that its settings keep encrypted, and lets nobody stay who did",
    async () => {
      const file = join(stack.folder, "Pulumi.staging.yaml");
      const args = ["release", "list", "--stack", "staging", "--config-file", file, "--json"];
      const { code, stdout } = await heard(dnd(args, stack.env));
      expect(code).toBe(0);
      expect((JSON.parse(stdout) as unknown[]).length).toBeGreaterThanOrEqual(2);
      expect(stack.servers.api.entries).toEqual([]);
    },
    patience,
  );

  test(
    "keeps no secret anywhere in the clear, and shows none when something is wrong",
    async () => {
      const wrong = await stack.fileWith("wrong.yaml", {
        monitoring: { ...monitoring, channels: [{ type: "slack", config: { token: ["x"], webhook: 7 } }] },
      });
      expect((await heard(stack.dnd("preview", "--config-file", wrong))).code).toBe(2);
      await heard(stack.dnd("outputs"));
      await heard(stack.dnd("history", "--json"));
      // What the vendors' stand-ins keep is not ours.
      const files = (await readdir(stack.folder, { recursive: true, withFileTypes: true })).filter(
        (one) => one.isFile() && !/\/(machines|images|bin)(\/|$)/.test(one.parentPath),
      );
      const texts = await Promise.all(files.map((one) => readFile(join(one.parentPath, one.name), "utf8")));
      expect(texts.some((text) => text.includes("FlyMachines"))).toBe(true);
      const roles = ["app", "migration", "backup"] as const;
      const passwords = roles.flatMap((role) => [1, 2].map((n) => loginOf(role, key(n)).password));
      const { MONGODB_ATLAS_PRIVATE_KEY: atlasKey = "", S3_SECRET_ACCESS_KEY: storeKey = "" } = stack.env;
      const planted = [...Object.values(stack.secrets), ...Object.values(canaries), atlasKey, storeKey];
      for (const canary of [...planted, ...passwords])
        expect([...texts, ...said].filter((text) => text.includes(canary))).toEqual([]);
    },
    patience,
  );

  /** How often a machine let itself in while something was done, which must not stay. */
  async function entriesDuring(work: () => Promise<unknown>): Promise<number> {
    const { seen, entries } = stack.servers.api;
    const before = seen.length;
    await work();
    expect(entries).toEqual([]);
    return seen.slice(before).filter(({ method, path }) => method === "POST" && path.includes("/accessList"))
      .length;
  }

  test(
    "is refreshed by a machine that lets itself in for that, and finds AWS and Atlas as they were left",
    async () => {
      const entered = await entriesDuring(async () => {
        const { code, result } = await told(stack.dnd("refresh", "--yes", "--json"));
        expect(errorsOf(result)).toEqual([]);
        expect(code).toBe(0);
        const drifted = result.steps.filter(({ op }) => !["same", "refresh"].includes(op));
        expect(drifted.filter(({ type }) => /^(aws|mongodbatlas):/.test(type))).toEqual([]);
      });
      expect(entered).toBe(1);
      expect(complaintOf(await heard(stack.dnd("preview", "--expect-no-changes")))).toBe("");
    },
    patience,
  );

  test(
    "is destroyed but for its archives, by a machine that lets itself in for that",
    async () => {
      const entered = await entriesDuring(async () => {
        const { code } = await told(stack.dnd("destroy", "--yes", "--json"));
        expect(code).toBe(0);
      });
      expect(entered).toBe(1);
      expect(stack.servers.atlas.things("mongodbatlas:index/project:Project")).toEqual([]);
      expect(await readdir(stack.servers.s3.folder)).toContain("dnd-tracker-staging-111122223333");
      expect(stack.fly.world.apps.size).toBe(0);
    },
    patience,
  );
});
