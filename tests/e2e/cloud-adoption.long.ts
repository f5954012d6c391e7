import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { sdk } from "../../infra/drivers/store/s3/client";
import { CloudStack } from "../harness/cloud-stack";
import { OtherStack } from "../harness/other-stack";
import { describeWith } from "../harness/tools";
import { complaintOf, dnd } from "../ops/dnd";

const patience = 600_000;
const bucket = "guild-archives";
const given = ["--override-promotion", "a test of its own"];

describeWith("versitygw")(
  "a production stack that takes over a bucket, made by somebody else without locks",
  () => {
    let stack: CloudStack;

    beforeAll(async () => {
      stack = await CloudStack.open({ environment: "production" });
      stack.push("v1");
      await mkdir(join(stack.servers.s3.folder, bucket, "older"), { recursive: true });
      await stack.want({
        app: { image: stack.imageOf("v1"), env: { NEXTAUTH_URL: stack.url } },
        backup: { store: `s3://${bucket}`, bucket: { adopt: true } },
        // How full the disk of this machine is decides nothing here.
        release: { strict: false },
      });
      await (await OtherStack.open(stack, "staging")).exports({ passed: [] });
      const skip = ["check", "--skip-tests", "a test of its own", "--stack", "production"];
      expect(complaintOf(await dnd(skip, stack.env))).toBe("");
    }, patience);
    afterAll(() => stack.close(), patience);

    test(
      "locks its archives there, and leaves what was in it alone",
      async () => {
        expect(complaintOf(await stack.dnd("up", "--yes", ...given))).toBe("");
        expect(await readdir(join(stack.servers.s3.folder, bucket))).toContain("older");
        expect(stack.servers.aws.deeds.filter(({ did }) => did === "delete")).toEqual([]);
        const { archive } = (await stack.outputs()) as { archive: { location: string } };
        const [, key = ""] = archive.location.split("?")[0]?.split(`s3://${bucket}/`) ?? [];
        const { HeadObjectCommand } = sdk();
        const { ObjectLockMode } = await stack.servers.s3
          .client()
          .send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
        expect(ObjectLockMode).toBe("GOVERNANCE");
      },
      patience,
    );

    test(
      "changes nothing when nothing is changed",
      async () => {
        expect(complaintOf(await stack.dnd("preview", "--expect-no-changes", ...given))).toBe("");
      },
      patience,
    );

    test(
      "gives up its protected cluster for nobody who only names it, and touches nothing on the way",
      async () => {
        const before = stack.servers.atlas.deeds.length;
        await stack.want({ database: { project: "elsewhere" } });
        const named = ["--give-up-cluster", "dnd-tracker-production"];
        const { code, stderr } = await stack.dnd("up", "--yes", ...given, ...named);
        expect(code).toBe(3);
        expect(stderr).toContain("database-cluster; nothing was touched");
        expect(stack.servers.atlas.deeds).toHaveLength(before);
      },
      patience,
    );
  },
);
