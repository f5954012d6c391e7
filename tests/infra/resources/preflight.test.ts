import { MongoClient, type Db } from "mongodb";
import { finishRelease, newestRelease } from "../../../infra/engines/release";
import { lifecycle, type PreflightInputs } from "../../../infra/resources/preflight";
import { silent } from "../../../infra/support";

const name = "preflight_resource";
const context = { signal: new AbortController().signal, progress: silent };
const image = { name: "app", version: "1.0.0", digest: "sha256:1" };
const inputs: PreflightInputs = {
  release: 1,
  why: ["first release"],
  problems: [],
  environment: "development",
  address: { uri: process.env.TEST_MONGODB_URI ?? "", name, credentials: "none" },
  image,
  schemaBefore: null,
  commit: "abc",
};
let client: MongoClient;
let ops: Db;

beforeAll(async () => {
  client = await MongoClient.connect(process.env.TEST_MONGODB_URI ?? "");
  ops = client.db(`${name}_ops`);
  await ops.dropDatabase();
});
afterAll(async () => {
  await ops.dropDatabase();
  await client.close();
});

async function opened(release: number, olds?: Awaited<ReturnType<typeof lifecycle.create>>["outs"]) {
  const news = { ...inputs, release };
  const { outs } = olds
    ? await lifecycle.update("preflight", olds, news, context)
    : await lifecycle.create(news, context);
  await finishRelease(ops, release, { schemaAfter: null, archive: null });
  return outs;
}

test("a number that the state has given already is not given again: the journal is told of it first", async () => {
  const third = await opened(3, await opened(2, await opened(1)));
  const changes = async (news: Partial<PreflightInputs>) =>
    (await lifecycle.diff("preflight", third, { ...inputs, ...news }, context)).changes;
  expect(await changes({ release: 3, why: [] })).toBe(false);

  await ops.collection<{ _id: number }>("releases").deleteMany({ _id: { $gt: 1 } });
  const again = { ...inputs, release: 2, why: ["image 1.0.0 to 2.0.0"] };
  expect(await changes(again)).toBe(true);
  expect(await changes({ ...again, release: 3 })).toBe(true);
  await expect(lifecycle.update("preflight", third, again, context)).rejects.toMatchObject({
    code: "journal-behind",
    kind: "refused",
  });
  expect(await newestRelease(ops)).toMatchObject({ _id: 3, state: "failed", image, commit: "abc" });
});

test("an empty journal is that of a new database: it begins anew", async () => {
  const second = await opened(2);
  await ops.collection("releases").deleteMany({});
  const { outs } = await lifecycle.update("preflight", second, inputs, context);
  expect(outs.release).toBe(1);
  expect(await newestRelease(ops)).toMatchObject({ _id: 1, state: "running" });
});
