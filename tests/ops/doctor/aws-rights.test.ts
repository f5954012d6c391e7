import * as pulumi from "@pulumi/pulumi";
import { rightsByKind, rightsNeeded } from "../../../ops/doctor/cloud/aws-rights";
import { readSettings, type Settings } from "../../../stacks/settings";

const made = new Set<string>();

beforeAll(() =>
  pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      made.add(type);
      return { id: `${name}-id`, state: { ...(inputs as object), arn: `arn:aws:s3:::${name}` } };
    },
    call: () => ({ accountId: "111122223333" }),
  }),
);
beforeEach(() => made.clear());

const backupRole = { issuer: "https://vouch.example", subject: "repo:guild/tracker:environment:nightly" };

function settingsOf(environment: string, bucket: object = {}, app: object = {}): Settings {
  return readSettings(
    {
      "dnd-tracker:environment": environment,
      "dnd-tracker:app": JSON.stringify({ name: "tracker", ...app }),
      "dnd-tracker:database": JSON.stringify({ kind: "atlas", name: "tracker" }),
      "dnd-tracker:backup": JSON.stringify({ bucket }),
    },
    {},
  );
}

/** What the stack itself asks AWS for. */
async function kindsMade(settings: Settings): Promise<string[]> {
  const { cloudStore } = await import("../../../stacks/cloud-store");
  const { uploadsBucket } = await import("../../../stacks/uploads");
  cloudStore(settings);
  uploadsBucket(settings);
  await pulumi.runtime.disconnect();
  return [...made].filter((type) => type.startsWith("aws:")).sort();
}

test.each([
  ["staging", settingsOf("staging")],
  ["staging with a log", settingsOf("staging", { accessLogs: "guild-logs" })],
  ["production", settingsOf("production", {}, { uploads: {} })],
  ["production with a copy", settingsOf("production", { replicaRegion: "eu-west-1" })],
  ["production with a role for the night", settingsOf("production", { backupRole })],
])(
  "doctor asks for the rights on everything that %s makes at AWS, and on nothing besides",
  async (_what, settings) => {
    expect(Object.keys(rightsByKind(settings)).sort()).toEqual(await kindsMade(settings));
  },
);

test("each right is asked for once, locks where archives are locked, and a key where there is one", () => {
  const kmsKey = "arn:aws:kms:us-east-1:111122223333:key/k";
  const needed = rightsNeeded(settingsOf("production", { kmsKey, backupRole }));
  expect(needed).toEqual([...new Set(needed)]);
  expect(needed).toEqual(
    expect.arrayContaining(["s3:PutObjectRetention", "kms:GenerateDataKey", "iam:TagRole"]),
  );
  expect(rightsNeeded(settingsOf("staging")).join()).not.toMatch(/Retention|kms:|iam:/);
});
