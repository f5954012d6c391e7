import * as pulumi from "@pulumi/pulumi";
import { readSettings } from "../../stacks/settings";

const role = "arn:aws:iam::111122223333:role/dnd-tracker-staging-backups";

beforeAll(() =>
  pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({
      id: `${name}-id`,
      state: { ...(inputs as object), arn: name === "backups-role" ? role : `arn:aws:s3:::${name}` },
    }),
    call: () => ({ accountId: "111122223333" }),
  }),
);

const known = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));

async function storeWith(bucket: object) {
  const { cloudStore } = await import("../../stacks/cloud-store");
  const database = JSON.stringify({ kind: "atlas", name: "tracker" });
  const backup = JSON.stringify({ bucket });
  return cloudStore(
    readSettings(
      {
        "dnd-tracker:environment": "staging",
        "dnd-tracker:database": database,
        "dnd-tracker:backup": backup,
      },
      {},
    ),
  );
}

test("the role that makes backups is told, so that a workflow can be let in; none where nobody may take one", async () => {
  const subject = "repo:guild/tracker:environment:nightly-staging";
  const { roleArn } = await storeWith({ backupRole: { issuer: "https://vouch.example", subject } });
  expect(roleArn && (await known(roleArn))).toBe(role);
  expect((await storeWith({})).roleArn).toBeUndefined();
  await pulumi.runtime.disconnect();
});
