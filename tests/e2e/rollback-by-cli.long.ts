import { LocalStack } from "../harness/local-stack";
import { describeWith } from "../harness/tools";
import { promiseReleasesInARow, ship } from "./releases-in-a-row";

describeWith("pulumi")("with Pulumi's own command line", () => {
  let stack: LocalStack;

  beforeAll(async () => {
    stack = await LocalStack.open();
    stack.engine = "pulumi";
    stack.env = { DND_ENGINE: "pulumi", PULUMI_SKIP_UPDATE_CHECK: "true" };
    expect(await ship(stack, "1.0.0")).toMatchObject({ code: 0 });
  }, 300_000);
  afterAll(() => stack.close(), 120_000);

  promiseReleasesInARow(() => stack);
});
