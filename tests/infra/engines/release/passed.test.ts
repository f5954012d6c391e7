import { MongoClient, type Db } from "mongodb";
import { passedWith, quarantineImage, readPassed, tellPassed } from "../../../../infra/engines/release";

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

test("the output is a short line for each release and each set of migrations, which the stack after it reads", () => {
  const of = (release: number, ran = migrations) => {
    return { release, version: `1.0.${release}`, digest: `sha256:${release}`, migrations: ran };
  };
  const all = [of(10), of(9), of(2, {} as typeof migrations)];
  const told = tellPassed(all);
  expect(Object.keys(told)).toHaveLength(5);
  expect(told["release 10"]).toMatch(/^1\.0\.10 sha256:10 schema [0-9a-f]{12}$/);
  expect(readPassed(Object.fromEntries(Object.entries(told).toReversed()))).toEqual(all);
});
