import { MongoClient, type Timestamp } from "mongodb";
import { writesSince } from "../../../../infra/engines/release";

const name = "writes_since";
const uri = process.env.TEST_MONGODB_URI ?? "";
const address = { uri, name, credentials: "none" } as const;
let client: MongoClient;

beforeAll(async () => {
  client = await MongoClient.connect(uri);
});
afterAll(async () => {
  await client.db(name).dropDatabase();
  await client.close();
});

async function write(hero: string): Promise<{ t: number; i: number }> {
  const { operationTime } = await client.db(name).command({ insert: "characters", documents: [{ hero }] });
  const { t, i } = operationTime as Timestamp;
  return { t, i };
}

test("writes since a moment are those after it: what was written at it is in the archive", async () => {
  await write("made the collection");
  const moment = await write("at the moment");
  expect(await writesSince(address, moment)).toBe(0);
  await write("after it");
  await write("after it, too");
  expect(await writesSince(address, moment)).toBe(2);
});
