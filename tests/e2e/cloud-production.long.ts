import { join } from "node:path";
import { projectRoot } from "../../infra/support";
import type { OperationResult } from "../../ops/engine";
import { CloudStack } from "../harness/cloud-stack";
import { describeWith } from "../harness/tools";
import { dnd } from "../ops/dnd";

/** A whole stack comes up in half a minute; a busy machine may take far longer. */
const patience = 600_000;
const policy = ["--policy-pack", join(projectRoot, "policy")];

function production(engine: "embedded" | "pulumi"): void {
  let stack: CloudStack;

  beforeAll(async () => {
    stack = await CloudStack.open({ environment: "production", engine, clusterTakesMs: 2000 });
    stack.push("v1");
    await stack.want(settings("v1"));
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
  });
  const run = async (command: string, ...args: string[]) => {
    const { code, stdout, stderr } = await stack.dnd(command, "--json", ...args);
    return { code, stderr, result: JSON.parse(stdout) as OperationResult };
  };
  const errors = ({ diagnostics }: OperationResult) =>
    diagnostics.filter(({ severity }) => severity === "error");

  test(
    "comes up as the policies want it",
    async () => {
      const { code, result } = await run("up", "--yes", ...policy);
      expect(errors(result)).toEqual([]);
      expect(code).toBe(0);
      expect(await fetch(`${stack.url}/api/health`).then(({ status }) => status)).toBe(200);
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

  test(
    "is refused by a policy where it would serve from one machine",
    async () => {
      await stack.want({ app: { ...settings("v1").app, machines: 1 } });
      const { code, stdout, stderr } = await stack.dnd("preview", ...policy);
      await stack.want({ app: { ...settings("v1").app, machines: 2 } });
      expect(code).not.toBe(0);
      expect(stdout + stderr).toContain("machines-minimum");
    },
    patience,
  );

  test(
    "is not destroyed: what holds its data is protected",
    async () => {
      const { code } = await stack.dnd("destroy", "--yes");
      expect(code).toBe(3);
      expect(stack.servers.atlas.deeds.filter(({ did }) => did === "delete")).toEqual([]);
      expect(stack.servers.aws.deeds.filter(({ did }) => did === "delete")).toEqual([]);
    },
    patience,
  );
}

describeWith("versitygw")("a production stack of the cloud, on the embedded engine", () =>
  production("embedded"),
);
describeWith("versitygw", "pulumi")("a production stack of the cloud, on Pulumi's own engine", () =>
  production("pulumi"),
);
