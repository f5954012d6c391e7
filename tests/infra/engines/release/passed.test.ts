import { MongoClient, type Db } from "mongodb";
import { passedWith, quarantineImage, readPassed } from "../../../../infra/engines/release";

let client: MongoClient;
let ops: Db;

beforeAll(async () => {
  client = await MongoClient.connect(process.env.TEST_MONGODB_URI ?? "");
  ops = client.db("release_passed_ops");
  await ops.dropDatabase();
});
afterAll(async () => {
  await ops.dropDatabase();
  await client.close();
});

const image = (digest: string) => ({ name: "tracker", version: digest, digest });
const migrations = { "20260101000000": "0a" };

test("what has passed is told newest first, each image once, without what was found bad since", async () => {
  let passed = await passedWith(ops, [], { number: 1, image: image("sha256:1"), migrations });
  passed = await passedWith(ops, passed, { number: 2, image: image("sha256:2"), migrations });
  await quarantineImage(ops, { digest: "sha256:2", release: 2, reason: "slow" });
  passed = await passedWith(ops, passed, { number: 3, image: image("sha256:1"), migrations });
  expect(passed.map(({ release, digest }) => [release, digest])).toEqual([[3, "sha256:1"]]);
});

test("an output of another form, or none, says that nothing has passed", () => {
  expect(readPassed(undefined)).toEqual([]);
  expect(readPassed([{ release: "1" }])).toEqual([]);
  const one = { release: 1, version: "1", digest: "sha256:1", migrations };
  expect(readPassed([one])).toEqual([one]);
});
