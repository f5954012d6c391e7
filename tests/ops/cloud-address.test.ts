import { readSettings } from "../../stacks/settings";
import { cloudAddress } from "../../ops/cloud-address";
import { AtlasStandIn } from "../stand-ins/atlas";

let atlas: AtlasStandIn;
const before = { ...process.env };

beforeAll(async () => {
  atlas = await AtlasStandIn.open();
  Object.assign(process.env, atlas.environment());
  delete process.env.MONGODB_URI;
});
afterAll(async () => {
  process.env = before;
  await atlas.close();
});

const settingsOf = (key: string) =>
  readSettings(
    {
      "dnd-tracker:environment": "staging",
      "dnd-tracker:database": JSON.stringify({ kind: "atlas", name: "tales", key }),
    },
    {},
  );

test("a stack whose cluster is yet to be made has no database, which is no failure", async () => {
  atlas.bring({ project: null, cluster: null });
  await expect(cloudAddress({ stack: "staging" }, settingsOf("k".repeat(32)))).resolves.toBeNull();
  expect(atlas.entries).toEqual([]);
});

test("a cluster that is there is found by its name, with the users of the stack's key, and lets this machine in with an end", async () => {
  const name = "dnd-tracker-staging";
  atlas.bring({ project: name, cluster: { name, uri: "mongodb://127.0.0.1:27017" } });
  await expect(cloudAddress({ stack: "staging" }, settingsOf("[secret]"))).rejects.toMatchObject({
    code: "stack-key-unknown",
  });
  expect(atlas.entries).toEqual([]);
  await expect(cloudAddress({ stack: "staging" }, settingsOf("k".repeat(32)))).resolves.toEqual({
    uri: "mongodb://127.0.0.1:27017",
    name: "tales",
    credentials: "stack-key",
  });
  expect(atlas.entries.map(({ ipAddress }) => ipAddress)).toEqual([atlas.callerAddress]);
  expect(atlas.entries[0]?.deleteAfterDate).toBeDefined();
});

test("an address in the environment is meant, as the guides have it", async () => {
  process.env.MONGODB_URI = "mongodb://somebody:secret@127.0.0.1:27018/";
  await expect(cloudAddress({ stack: "staging" }, settingsOf("[secret]"))).resolves.toEqual({
    uri: "mongodb://127.0.0.1:27018/",
    name: "tales",
    credentials: "environment",
  });
});
