import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { loginOf } from "../../infra/drivers/mongo";
import { checksumsOf } from "../../infra/engines/migration";
import { projectRoot, Secret } from "../../infra/support";
import type { OperationResult } from "../../ops/engine";
import { CloudStack } from "../harness/cloud-stack";
import { OtherStack } from "../harness/other-stack";
import { describeWith } from "../harness/tools";
import { dnd } from "../ops/dnd";
import { inPreviews, settingChanges, together } from "./setting-changes";

/** A whole stack comes up in half a minute; a busy machine may take far longer. */
const patience = 600_000;
const policy = ["--policy-pack", join(projectRoot, "policy")];

const ownMigrations = () => checksumsOf(join(projectRoot, "migrations"));

function production(engine: "embedded" | "pulumi"): void {
  let stack: CloudStack;
  let staging: OtherStack;
  const said: string[] = [];
  let atlasIsDone = () => {};
  const clusterMade = new Promise<void>((resolve) => (atlasIsDone = resolve));

  beforeAll(async () => {
    stack = await CloudStack.open({ environment: "production", engine, clusterMade });
    stack.push("v1");
    stack.push("v2");
    stack.platform = "platform";
    await stack.want(settings("v1"));
    await (await OtherStack.open(stack, "platform")).exports({ organization: "org-1", logs: "guild-logs" });
    staging = await OtherStack.open(stack, "staging");
    await staging.exports({ passed: [] });
    // What CI proves is not run again here: somebody takes that upon themselves, with a reason.
    const proof = await dnd(
      ["check", "--skip-tests", "a test of its own", "--stack", "production"],
      stack.env,
    );
    expect(proof.code).toBe(0);
  }, patience);
  afterAll(() => stack.close(), patience);

  const settings = (version: string) => ({
    app: { image: stack.imageOf(version), env: { NEXTAUTH_URL: stack.url } },
    database: { orgId: "platform:organization" },
    backup: { bucket: { accessLogs: "platform:logs" } },
  });
  const spoken = async (command: string, ...args: string[]) => {
    const { code, stdout, stderr } = await stack.dnd(command, ...args);
    said.push(stdout, stderr);
    return { code, stdout, stderr };
  };
  const run = async (command: string, ...args: string[]) => {
    const { code, stdout } = await spoken(command, "--json", ...args);
    return { code, result: JSON.parse(stdout) as OperationResult };
  };
  const until = async ({ ended }: { ended: Promise<unknown> }, happened: () => boolean) => {
    let over = false;
    void ended.then(() => (over = true));
    while (!over && !happened()) await sleep(20);
  };
  const errors = ({ diagnostics }: OperationResult) =>
    diagnostics.filter(({ severity }) => severity === "error");

  test(
    "can be interrupted while Atlas makes its cluster, which takes Atlas its time",
    async () => {
      const running = stack.start("up", "--yes");
      const { cluster } = stack.servers.api;
      await until(running, () => cluster.name !== null);
      running.kill("SIGINT");
      expect((await running.ended).code).toBe(130);
      expect(cluster).toMatchObject({ name: "dnd-tracker-production", stateName: "CREATING" });
    },
    patience,
  );

  test(
    "goes on with that cluster, and takes no image that has not passed staging",
    async () => {
      const running = stack.start("up", "--yes", "--json", ...policy);
      const told = () => running.soFar.stderr.includes("Atlas is still making the cluster");
      await until(running, told);
      atlasIsDone();
      const { code, stdout } = await running.ended;
      expect(code).toBe(3);
      const result = JSON.parse(stdout) as OperationResult;
      const imported = result.steps.filter(({ op }) => op === "import").map(({ type }) => type);
      expect(imported).toEqual(["mongodbatlas:index/advancedCluster:AdvancedCluster"]);
      const [cluster] = stack.servers.atlas.things("mongodbatlas:index/advancedCluster:AdvancedCluster");
      expect(cluster).toMatchObject({ useEffectiveFields: true });
      expect(JSON.stringify(errors(result))).toMatch(
        /promotion: sha256:\w+… has not passed staging: nothing/,
      );
      expect(stack.fly.world.apps.size).toBe(0);
      const passed = {
        release: 7,
        version: "1.0.0",
        digest: stack.digestOf("v1"),
        migrations: ownMigrations(),
      };
      await staging.exports({ passed: [passed], secretly: "canary-of-staging" });
    },
    patience,
  );

  test(
    "comes up as the policies want it",
    async () => {
      const { code, result } = await run("up", "--yes", ...policy);
      expect(errors(result)).toEqual([]);
      expect(code).toBe(0);
      const health = await fetch(`${stack.url}/api/health`);
      expect(health.status).toBe(200);
      expect(health.headers.get("strict-transport-security")).toBe("max-age=31536000");
      // What the shared stack knows is taken from there.
      expect(stack.servers.atlas.things("mongodbatlas:index/project:Project")).toMatchObject([
        { orgId: "org-1" },
      ]);
      expect(stack.servers.aws.things("aws:s3/bucketLogging:BucketLogging")).toMatchObject([
        { targetBucket: "guild-logs" },
      ]);
      const [cluster] = stack.servers.atlas.things("mongodbatlas:index/advancedCluster:AdvancedCluster");
      expect(cluster).toMatchObject({ pitEnabled: true, terminationProtectionEnabled: true });
    },
    patience,
  );

  test(
    "changes nothing when nothing is changed",
    async () => {
      expect((await run("preview", "--expect-no-changes", ...policy)).code).toBe(0);
    },
    patience,
  );

  if (engine === "embedded")
    test(
      "each of twenty changes of settings would touch exactly what it should",
      async () => {
        const stepsOf = async (file: string) => {
          const real = (await stack.wouldDo(file)).filter(({ op }) => !["same", "read"].includes(op));
          return real.map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`).sort();
        };
        const all = inPreviews(settingChanges((tag) => stack.imageOf(tag))).map(together);
        const found: Record<string, string[]> = {};
        // Two at a time: a preview takes no lock.
        for (let at = 0; at < all.length; at += 2) {
          const pair = all.slice(at, at + 2).map(async ({ what, change }, n) => {
            found[what] = await stepsOf(await stack.fileWith(`change-${at + n}.yaml`, change));
          });
          await Promise.all(pair);
        }
        expect(found).toEqual(Object.fromEntries(all.map(({ what, steps }) => [what, [...steps].sort()])));
      },
      patience,
    );

  test(
    "is refused by a policy where it would serve from one machine",
    async () => {
      await stack.want({ app: { ...settings("v1").app, machines: 1 } });
      const { code, stdout, stderr } = await spoken("preview", ...policy);
      await stack.want({ app: { ...settings("v1").app, machines: 2 } });
      expect(code).not.toBe(0);
      expect(stdout + stderr).toContain("machines-minimum");
    },
    patience,
  );

  test(
    "goes past staging for a reason alone, which the journal and an alert tell",
    async () => {
      // How full the disk of this machine is, and that nobody has restored an archive for a test, decides nothing here.
      await stack.want({ ...settings("v2"), release: { strict: false } });
      const shown = await spoken("preview", "--diff");
      expect(shown.stdout + shown.stderr).toContain("promotion would refuse this release");
      const { code, result } = await run("up", "--yes", "--override-promotion", "the login is down");
      expect(errors(result)).toEqual([]);
      expect(code).toBe(0);
      const ops = stack.servers.mongo.admin.db("tracker_ops");
      const told = { gate: "promotion", reason: "the login is down" };
      expect(await ops.collection("releases").findOne({}, { sort: { _id: -1 } })).toMatchObject({
        overridden: [told],
      });
      const alerts = await ops.collection("alerts").find({}).toArray();
      expect(alerts.find(({ rule }) => rule === "gate-overridden")).toMatchObject({
        level: "warning",
        text: told.reason,
        resolved: false,
      });
    },
    patience,
  );

  test(
    "gives up its cluster for no setting, unless somebody names what goes",
    async () => {
      await stack.want({ database: { orgId: "platform:organization", project: "elsewhere" } });
      const { code, stderr } = await spoken("up", "--yes");
      await stack.want({ database: { orgId: "platform:organization", project: "dnd-tracker-production" } });
      expect(code).toBe(3);
      expect(stderr).toContain("--give-up-cluster dnd-tracker-production");
      expect(stack.servers.atlas.deeds.filter(({ did }) => did === "delete")).toEqual([]);
    },
    patience,
  );

  test(
    "is not destroyed: what holds its data is protected",
    async () => {
      const { code } = await spoken("destroy", "--yes");
      expect(code).toBe(3);
      expect(stack.servers.atlas.deeds.filter(({ did }) => did === "delete")).toEqual([]);
      expect(stack.servers.aws.deeds.filter(({ did }) => did === "delete")).toEqual([]);
    },
    patience,
  );

  test("has kept no secret anywhere in the clear, and shown none", async () => {
    // What the vendors' stand-ins keep is not ours.
    const files = (await readdir(stack.folder, { recursive: true, withFileTypes: true })).filter(
      (one) => one.isFile() && !/\/(machines|images|bin|other-\w+)(\/|$)/.test(one.parentPath),
    );
    const texts = await Promise.all(files.map((one) => readFile(join(one.parentPath, one.name), "utf8")));
    expect(texts.some((text) => text.includes("FlyMachines"))).toBe(true);
    const key = { key: new Secret(stack.secrets.key), rotation: 1 };
    const passwords = (["app", "migration", "backup"] as const).map((role) => loginOf(role, key).password);
    for (const canary of [...Object.values(stack.secrets), ...passwords, "canary-of-staging"])
      expect([...texts, ...said].filter((text) => text.includes(canary))).toEqual([]);
  });
}

describeWith("versitygw")("a production stack of the cloud, on the embedded engine", () =>
  production("embedded"),
);
describeWith("versitygw", "pulumi")("a production stack of the cloud, on Pulumi's own engine", () =>
  production("pulumi"),
);
