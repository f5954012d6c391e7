import { join } from "node:path";
import { loginOf } from "../../infra/drivers/mongo";
import type { PreflightReport } from "../../infra/engines/preflight";
import { projectRoot, Secret } from "../../infra/support";
import { CloudStack } from "../harness/cloud-stack";
import { describeWith } from "../harness/tools";
import { dnd } from "../ops/dnd";

const store = "s3://dnd-tracker-staging-111122223333?encryption=AES256";

describeWith("versitygw")("the commands about a stack with a cluster of its own", () => {
  let stack: CloudStack;

  beforeAll(async () => {
    stack = await CloudStack.open({ environment: "staging" });
    stack.push("v1");
    await stack.want({ app: { image: stack.imageOf("v1") } });
  }, 120_000);
  afterAll(() => stack.close());

  /** Without an address of the database anywhere, as whoever deploys has it. */
  const command = (...args: string[]) =>
    dnd([...args, "--stack", "staging", "--json"], { ...stack.env, MONGODB_DB_NAME: "tracker" });
  const gatesOf = (stdout: string) => {
    const { gates } = JSON.parse(stdout) as PreflightReport;
    return Object.fromEntries(gates.map(({ gate, state, reason }) => [gate, `${state}: ${reason}`]));
  };

  test("check finds no database and no bucket before the first up, and no fault in that", async () => {
    const gates = gatesOf((await command("check", "--strict")).stdout);
    expect(gates["archive space"]).toMatch(/^ok: no bucket/);
    expect(gates["settings and secrets"]).not.toContain("MONGODB_URI");
  }, 120_000);

  test("release list, verify and backup create find database and bucket by themselves once they are there", async () => {
    expect((await stack.dnd("up", "--yes", "--json")).code).toBe(0);
    const listed = await command("release", "list");
    expect(listed.stderr).toBe("");
    expect(JSON.parse(listed.stdout)).toMatchObject([{ number: 1 }]);
    expect((await command("verify", "--url", stack.url)).code).toBe(0);
    const made = await command("backup", "create");
    expect(made.code).toBe(0);
    const kept = JSON.parse((await command("backup", "list")).stdout) as { archives: object[] };
    expect(kept).toMatchObject({ store });
    expect(kept.archives.length).toBeGreaterThanOrEqual(1);
  }, 400_000);

  test("a command on a machine of the app's logs in as its work needs it, and nobody else learns how", async () => {
    const file = join(stack.folder, "Pulumi.staging.yaml");
    const on = ["--stack", "staging", "--json"];
    const cli = [process.execPath, join(projectRoot, "ops", "dnd.cjs")];
    const wanted = [
      "--config-file",
      file,
      "--as",
      "migration",
      "--env",
      `DND_DIR=${join(stack.folder, "there")}`,
    ];
    const run = await dnd(
      ["fly", "run", ...on, ...wanted, "--", ...cli, "migrate", "plan", ...on],
      stack.env,
    );
    expect(run.code).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({ exitCode: 0, result: { pending: [] } });
    const { password } = loginOf("migration", { key: new Secret(stack.secrets.key), rotation: 1 });
    expect(run.stdout + run.stderr).not.toContain(password);
    const left = JSON.stringify(stack.fly.world.app("tracker").living.map(({ config }) => config));
    expect(left).not.toContain(password);
    expect(stack.servers.api.entries).toEqual([]);
  }, 120_000);

  test("check looks at the bucket that archives go to", async () => {
    const gates = gatesOf((await command("check", "--strict")).stdout);
    expect(gates["archive space"]).toMatch(/^ok: s3:\/\/dnd-tracker-staging-111122223333/);
  }, 120_000);

  test("and none of them leaves this machine on the access list", () => {
    expect(stack.servers.api.entries).toEqual([]);
  });
});
