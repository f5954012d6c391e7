import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../infra/support";
import { dependencies } from "../../package.json";
import type { OperationResult } from "../../ops/engine";
import { dnd } from "../ops/dnd";
import { PluginStandIn } from "../stand-ins/plugins";

const project = join(projectRoot, "deployments");
const kinds = ["ApprovalRule", "DeploymentSettings", "DriftSchedule", "Webhook"];
const typeOf = (kind: string) => `pulumiservice:index:${kind}`;

let folder: string;
let cloud: PluginStandIn;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dnd-deployments-"));
  cloud = await PluginStandIn.open({
    npmPackage: "@pulumi/pulumiservice",
    kinds: Object.fromEntries(kinds.map((kind) => [typeOf(kind), {}])),
    functions: {},
  });
  // An engine writes its salt into the settings.
  await copyFile(join(project, "Pulumi.team.yaml"), join(folder, "Pulumi.team.yaml"));
});
afterAll(async () => {
  cloud.close();
  await rm(folder, { recursive: true });
});

async function run(command: string, ...args: string[]) {
  const place = ["--cwd", project, "--stack", "team", "--config-file", join(folder, "Pulumi.team.yaml")];
  const { code, stdout, stderr } = await dnd([command, "--engine", "embedded", ...place, "--json", ...args], {
    DND_DIR: folder,
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_CONFIG_PASSPHRASE: "trial",
    PULUMI_DEBUG_PROVIDERS: `pulumiservice:${cloud.port}`,
  });
  return { code, stderr, result: JSON.parse(stdout) as OperationResult };
}

test("the settings as committed come up on an engine, each of them taken by Pulumi Cloud's own types", async () => {
  const { code, result } = await run("up", "--yes");
  expect(result.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(code).toBe(0);
  expect(result.outputs).toEqual({ production: "v1.0.0" });
  const settings = cloud.things(typeOf("DeploymentSettings"));
  expect(settings.map(({ stack }) => stack).sort()).toEqual(["pr", "production", "staging"]);
  const executorImage = `pulumi/pulumi-nodejs-22:${dependencies["@pulumi/pulumi"]}`;
  for (const one of settings) expect(one).toMatchObject({ executorContext: { executorImage } });
  expect(cloud.things(typeOf("DriftSchedule"))).toHaveLength(2);
});

test("and change nothing when nothing is changed", async () => {
  expect((await run("preview", "--expect-no-changes")).code).toBe(0);
});
