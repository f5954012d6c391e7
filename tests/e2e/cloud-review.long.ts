import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../infra/support";
import type { OperationResult } from "../../ops/engine";
import { CloudStack } from "../harness/cloud-stack";
import { describeWith } from "../harness/tools";

const patience = 600_000;
const policy = ["--policy-pack", join(projectRoot, "policy")];

type Groups = Record<string, Record<string, unknown>>;

/** The groups of the pattern that every pull request's stack begins with. */
async function pattern(): Promise<Groups> {
  const { config } = parse(await readFile(join(projectRoot, "Pulumi.pr.yaml"), "utf8")) as {
    config: Record<string, unknown>;
  };
  const groups = Object.entries(config).filter(([, value]) => typeof value === "object");
  return Object.fromEntries(groups.map(([key, value]) => [key.split(":")[1], value])) as Groups;
}

describeWith("versitygw")("a stack for a pull request", () => {
  let stack: CloudStack;

  beforeAll(async () => {
    stack = await CloudStack.open({ environment: "development", name: "pr-12" });
    stack.push("v1");
    const { app, ...rest } = await pattern();
    await stack.want({ ...rest, app: { ...app, image: stack.imageOf("v1") } });
  }, patience);
  afterAll(() => stack.close(), patience);

  const run = async (command: string, ...args: string[]) => {
    const { code, stdout } = await stack.dnd(command, "--yes", "--json", ...args);
    return { code, result: JSON.parse(stdout) as OperationResult };
  };
  const errors = ({ diagnostics }: OperationResult) =>
    diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);

  test(
    "comes up as the policies want it, in the smallest tier, under its own name, and makes no bucket",
    async () => {
      const { code, result } = await run("up", ...policy);
      expect(errors(result)).toEqual([]);
      expect(code).toBe(0);
      expect((await fetch(`${stack.url}/api/health`)).status).toBe(200);
      const [cluster] = stack.servers.atlas.things("mongodbatlas:index/advancedCluster:AdvancedCluster");
      expect(cluster).toMatchObject({ name: "dnd-tracker-pr-12", terminationProtectionEnabled: false });
      expect(JSON.stringify(cluster?.replicationSpecs)).toContain('"instanceSize":"M0"');
      expect([...stack.fly.world.apps.keys()]).toEqual(["dnd-tracker-pr-12"]);
      expect(stack.servers.aws.deeds).toEqual([]);
    },
    patience,
  );

  test(
    "goes without a word of protection, and leaves nothing anywhere",
    async () => {
      const { code, result } = await run("destroy");
      expect(errors(result)).toEqual([]);
      expect(code).toBe(0);
      expect(stack.servers.atlas.things("mongodbatlas:index/project:Project")).toEqual([]);
      expect(stack.servers.atlas.things("mongodbatlas:index/advancedCluster:AdvancedCluster")).toEqual([]);
      expect(stack.fly.world.apps.size).toBe(0);
    },
    patience,
  );
});
