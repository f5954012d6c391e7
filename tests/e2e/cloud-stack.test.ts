import { CloudStack } from "../harness/cloud-stack";
import { describeWith } from "../harness/tools";

describeWith("versitygw")("a stack of the cloud", () => {
  let stack: CloudStack;

  beforeAll(async () => {
    stack = await CloudStack.open({ environment: "staging" });
    stack.push("v1");
  });
  afterAll(() => stack.close());

  test("comes up from nothing: cluster, users, bucket, app", async () => {
    await stack.want({ app: { image: stack.imageOf("v1") } });
    const up = await stack.dnd("up", "--yes");
    console.log(up.stdout, up.stderr);
    expect(up.code).toBe(0);
  });
});
