import { projectRoot } from "../../infra/support";
import type { OperationResult } from "../../ops/engine";
import { CloudStack } from "../harness/cloud-stack";
import { describeWith } from "../harness/tools";

const patience = 600_000;

describeWith("versitygw")("a stack whose database lets nobody in but the app", () => {
  let stack: CloudStack;

  beforeAll(async () => {
    stack = await CloudStack.open({ environment: "staging" });
    for (const tag of ["v1", "v2"]) stack.push(tag, { folders: { "/dnd": projectRoot } });
    await stack.want({
      app: { image: stack.imageOf("v1") },
      database: { reach: "fly" },
    });
  }, patience);
  afterAll(() => stack.close(), patience);

  test(
    "comes up",
    async () => {
      const run = await stack.dnd("up", "--yes", "--json");
      const result = JSON.parse(run.stdout) as OperationResult;
      expect(result.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
      console.log(run.stderr.split("Outputs:")[0], (await import("node:fs")).readFileSync("/tmp/exec.log","utf8"));
      expect(run.code).toBe(0);
    },
    patience,
  );
});
