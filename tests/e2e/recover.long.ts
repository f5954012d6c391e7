import { MongoClient, type Db } from "mongodb";
import { LocalStack, type CommandResult } from "../harness/local-stack";

let stack: LocalStack;
let client: MongoClient;
let ops: Db;
const limit = 300_000;

beforeAll(async () => {
  stack = await LocalStack.open({ app: { machines: 1 }, migrations: { maintenance: true } });
  expect(said(await stack.dnd("up", "--yes"))).toEqual(fine);
  client = await MongoClient.connect(String((await stack.outputs()).databaseUri));
  ops = client.db("dnd-tracker_ops");
}, limit);
afterAll(async () => {
  await client?.close();
  await stack.close();
}, limit);

const parties = async () => {
  const answer = await fetch(`${stack.url}/api/parties`);
  const { parties: found } = (await answer.json()) as { parties: { name: string }[] };
  return found.map(({ name }) => name).sort();
};
async function makeParty(name: string): Promise<void> {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ name });
  expect((await fetch(`${stack.url}/api/parties`, { method: "POST", headers, body })).status).toBe(201);
}
const current = (name: string) => ops.collection(name).findOne({ _id: "current" as never });

const said = ({ code, stderr, stdout }: CommandResult) => ({ code, said: code === 0 ? "" : stderr + stdout });
const fine = { code: 0, said: "" };

test("a release opens the window for its contract migrations and closes it with its record", async () => {
  const turns = await ops
    .collection("maintenance")
    .find({ _id: { $ne: "current" as never } })
    .sort({ _id: 1 })
    .toArray();
  expect(turns.map(({ on, reason, release }) => ({ on, reason, release }))).toEqual([
    { on: true, reason: "contract migrations", release: 1 },
    { on: false, reason: "done", release: null },
  ]);
  expect(await current("maintenance")).toMatchObject({ on: false, release: null });
});

test(
  "a recovery that nobody confirmed does nothing; killed while it stops, and while it restores, it goes on to its end",
  async () => {
    await makeParty("kept");
    const created = await stack.plain("backup", "create", "--json");
    const { id } = JSON.parse(created.stdout) as { id: string };
    await makeParty("lost");
    const refused = await stack.dnd("recover", "--backup", id);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toMatch(/writes? since/);
    expect(await current("recoveries")).toBeNull();

    const begun = async () => (await current("recoveries")) !== null;
    await stack.killedWhen(begun, "recover", "--backup", id, "--yes");
    await stack.plain("cancel");
    const other = await stack.dnd("recover", "--backup", "another", "--yes");
    expect({ code: other.code, stderr: other.stderr }).toMatchObject({
      code: 3,
      stderr: expect.stringContaining(id),
    });

    const restoring = async () => (await ops.collection("oneTimeKeys").countDocuments()) > 0;
    await stack.killedWhen(restoring, "recover", "--yes");
    await stack.plain("cancel");
    expect(said(await stack.dnd("recover", "--yes"))).toEqual(fine);
    expect(await parties()).toEqual(["kept"]);
    expect(await current("recoveries")).toBeNull();
    expect(await ops.collection("overrides").countDocuments()).toBe(0);
    expect(await current("maintenance")).toMatchObject({ on: false });
    expect((await fetch(stack.url)).status).toBe(200);
    expect((await stack.dnd("recover")).code).toBe(2);
  },
  limit,
);
