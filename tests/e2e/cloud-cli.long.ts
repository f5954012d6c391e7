import { CloudStack } from "../harness/cloud-stack";
import { describeWith } from "../harness/tools";
import { complaintOf } from "../ops/dnd";

const patience = 600_000;

// Production on that engine is promised in cloud-production.long.ts.
describeWith("versitygw", "pulumi")("a staging stack of the cloud, on Pulumi's own engine", () => {
  let stack: CloudStack;

  beforeAll(async () => {
    stack = await CloudStack.open({ environment: "staging", engine: "pulumi" });
    stack.push("v1");
    await stack.want({ app: { image: stack.imageOf("v1") } });
  }, patience);
  afterAll(() => stack.close(), patience);

  test(
    "comes up, and two previews of it find nothing to change",
    async () => {
      expect(complaintOf(await stack.dnd("up", "--yes"))).toBe("");
      expect(await fetch(`${stack.url}/api/health`).then(({ status }) => status)).toBe(200);
      const { aws, atlas } = stack.servers;
      const deeds = aws.deeds.length + atlas.deeds.length;
      const again = () => stack.dnd("preview", "--expect-no-changes");
      expect([complaintOf(await again()), complaintOf(await again())]).toEqual(["", ""]);
      expect(aws.deeds.length + atlas.deeds.length).toBe(deeds);
    },
    patience,
  );
});
