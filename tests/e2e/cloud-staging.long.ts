import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { loginOf, withStackLogin } from "../../infra/drivers/mongo";
import { Secret } from "../../infra/support";
import type { OperationResult } from "../../ops/engine";
import { CloudStack } from "../harness/cloud-stack";
import { describeWith } from "../harness/tools";
import type { DndRun } from "../ops/dnd";

/** A whole stack comes up in half a minute; a busy machine may take far longer. */
const patience = 600_000;
const releaseSteps = [
  ...["app-machines", "backup", "contract-migrations", "expand-migrations"],
  ...["preflight", "record", "verification"],
];
const users = "mongodbatlas:index/databaseUser:DatabaseUser";

describeWith("versitygw")("a staging stack of the cloud", () => {
  let stack: CloudStack;
  const said: string[] = [];

  beforeAll(async () => {
    stack = await CloudStack.open({ environment: "staging" });
    for (const tag of ["v1", "v2"]) stack.push(tag);
  }, patience);
  afterAll(() => stack.close(), patience);

  async function told(run: Promise<DndRun>): Promise<DndRun & { result: OperationResult }> {
    const done = await run;
    said.push(done.stdout, done.stderr);
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
      await stack.want({ app: { image: stack.imageOf("v1") } });
      const { code, stdout, stderr } = await stack.dnd("up");
      said.push(stdout, stderr);
      expect(code).toBe(3);
      expect(deeds()).toBe(0);
      expect(stack.servers.api.entries).toEqual([]);
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
    await expect(backup.db("tracker").collection("parties").deleteMany({})).rejects.toThrow(/not authorized/);
    await Promise.all([app.close(), backup.close()]);
  });

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
    "rotates its users with a time in which both work",
    async () => {
      await stack.want({ database: { rotation: 2 } });
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
    "shows Atlas' own words when it refuses, and goes on from there next time",
    async () => {
      stack.servers.atlas.fail({
        did: "create",
        type: users,
        says: "USERS_QUOTA_EXCEEDED: 100 of 100 users",
      });
      await stack.want({ database: { rotation: 3 } });
      const failed = await up();
      expect(failed.code).toBe(1);
      expect(JSON.stringify(failed.result.diagnostics)).toContain("USERS_QUOTA_EXCEEDED");
      expect((await up()).code).toBe(0);
    },
    patience,
  );

  test("keeps no password anywhere in the clear", async () => {
    const state = join(stack.folder, "state");
    const files = (await readdir(state, { recursive: true, withFileTypes: true })).filter((one) =>
      one.isFile(),
    );
    const texts = await Promise.all(files.map((one) => readFile(join(one.parentPath, one.name), "utf8")));
    const passwords = [1, 2, 3].map((rotation) => loginOf("app", key(rotation)).password);
    for (const canary of [...Object.values(stack.secrets), ...passwords])
      expect([...texts, ...said].filter((text) => text.includes(canary))).toEqual([]);
  });

  test(
    "is destroyed but for its archives",
    async () => {
      const { code } = await told(stack.dnd("destroy", "--yes", "--json"));
      expect(code).toBe(0);
      expect(stack.servers.atlas.things("mongodbatlas:index/project:Project")).toEqual([]);
      expect(await readdir(stack.servers.s3.folder)).toContain("dnd-tracker-staging-111122223333");
      expect(stack.fly.world.apps.size).toBe(0);
    },
    patience,
  );
});
