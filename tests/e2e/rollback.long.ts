import { MongoClient } from "mongodb";
import { startLoad } from "../harness/load";
import { LocalStack } from "../harness/local-stack";
import { startWriting } from "../harness/writing";

interface Outputs {
  databaseUri: string;
  databaseName: string;
  release: { number: number; digest: string };
}

let stack: LocalStack;

beforeAll(async () => {
  stack = await LocalStack.open();
});
afterAll(async () => {
  await stack.close();
}, 120_000);

const outputs = async () => (await stack.outputs()) as unknown as Outputs;
const version = async () =>
  ((await (await fetch(`${stack.url}/api/health`)).json()) as { version: string }).version;
const bad = { NODE_OPTIONS: "--no-such-option" };

async function ship(wanted: string, env: Record<string, string> = {}) {
  await stack.configure({ app: { version: wanted, env } });
  return stack.dnd("up", "--yes");
}

async function quarantined(): Promise<string[]> {
  const { stdout } = await stack.dnd("rollback", "quarantine", "--json");
  return (JSON.parse(stdout) as { _id: string }[]).map(({ _id }) => _id);
}

test("the first release has nothing to go back to, and says what is left", async () => {
  expect((await ship("1.0.0")).code).toBe(0);
  const refused = await stack.dnd("rollback", "app", "--yes");
  expect(refused.code).toBe(3);
  expect(refused.stderr).toContain("no earlier release");
  expect(await version()).toBe("1.0.0");
}, 180_000);

test("ship 1, 2 and a bad 3 that is undone by itself; ship 4; back to 2; forward to 4: no request fails and no write is lost", async () => {
  const load = startLoad(`${stack.url}/api/characters`, 50);
  const writing = startWriting(`${stack.url}/api/parties`, 10);
  const codes = { two: (await ship("2.0.0")).code, three: (await ship("3.0.0", bad)).code };
  const afterThree = await version();
  const again = await stack.dnd("up", "--yes");
  const four = await ship("4.0.0");
  const back = await stack.dnd("rollback", "app", "--yes", "--reason", "four is slow");
  const afterBack = await version();
  const plain = await stack.dnd("up", "--yes");
  const afterPlain = await version();
  const digests = await quarantined();
  const out = await outputs();
  for (const digest of digests) await stack.dnd("rollback", "release-image", digest, "--yes");
  const forward = await stack.dnd("up", "--yes");
  const [requests, written] = [await load.stop(), await writing.stop()];

  expect(codes).toEqual({ two: 0, three: 1 });
  expect(afterThree).toBe("2.0.0");
  expect(again.code).toBe(3);
  expect(again.stdout + again.stderr).toContain("dnd rollback release-image sha256:");
  expect(four.code).toBe(0);
  expect(back.stdout + back.stderr).not.toMatch(/^error/m);
  expect(back.code).toBe(0);
  expect(afterBack).toBe("2.0.0");
  expect(plain.code).toBe(3);
  expect(afterPlain).toBe("2.0.0");
  expect(digests).toHaveLength(2);
  expect(forward.code).toBe(0);
  expect(await version()).toBe("4.0.0");
  expect(requests.failures).toEqual({});
  expect(written.failures).toEqual({});
  const names = (await (await fetch(`${stack.url}/api/parties`)).text()).match(/party-of-the-load-\d+/g);
  const client = await MongoClient.connect(out.databaseUri);
  const kept = await client
    .db(out.databaseName)
    .collection("parties")
    .countDocuments({ name: /^party-of-the-load-/ });
  await client.close();
  expect(names?.length).toBeGreaterThan(0);
  expect(kept).toBe(written.accepted);
}, 600_000);

test("going back twice goes to the one before, and a third time there is nothing left", async () => {
  expect((await stack.dnd("rollback", "app", "--yes")).code).toBe(0);
  expect(await version()).toBe("2.0.0");
  expect((await stack.dnd("rollback", "app", "--yes")).code).toBe(0);
  expect(await version()).toBe("1.0.0");
  const third = await stack.dnd("rollback", "app", "--yes");
  expect(third.code).toBe(3);
  expect(await version()).toBe("1.0.0");
}, 300_000);

test("a rollback with data says how many writes would be lost, brings the archive back and happens once", async () => {
  expect((await ship("5.0.0")).code).toBe(0);
  const body = JSON.stringify({ name: "Written After" });
  const headers = { "content-type": "application/json" };
  expect((await fetch(`${stack.url}/api/parties`, { method: "POST", headers, body })).status).toBe(201);
  const planned = await stack.dnd("rollback", "full", "--backup", "latest", "--dry-run", "--json");
  const { plan } = JSON.parse(planned.stdout) as { plan: { loss: number; archive: { id: string } } };
  expect(plan.loss).toBeGreaterThanOrEqual(1);
  const asked = await stack.dnd("rollback", "full", "--backup", "latest");
  expect(asked.code).toBe(3);
  const back = await stack.dnd("rollback", "full", "--backup", "latest", "--yes");
  expect(back.stdout + back.stderr).not.toMatch(/^error/m);
  expect(back.code).toBe(0);
  expect(await version()).toBe("1.0.0");
  const parties = await (await fetch(`${stack.url}/api/parties`)).text();
  expect(parties).not.toContain("Written After");
  expect(parties).toContain("party-of-the-load-1");
}, 300_000);

test("a rollback that is killed is gone on with by the next one", async () => {
  expect((await ship("6.0.0")).code).toBe(0);
  const killed = stack.start("rollback", "app", "--yes");
  await new Promise((resolve) => setTimeout(resolve, 6000));
  killed.kill("SIGKILL");
  await killed.result;
  expect(["6.0.0", "1.0.0"]).toContain(await version());
  await stack.dnd("cancel");
  const plain = await stack.dnd("up", "--yes");
  expect(plain.code === 3 || (await version()) === "6.0.0").toBe(true);
  const again = await stack.dnd("rollback", "app", "--yes");
  expect([0, 3]).toContain(again.code);
  expect((await stack.dnd("rollback", "app", "--to", "1", "--yes")).stdout).not.toContain("bug");
  expect(await version()).toBe("1.0.0");
}, 300_000);
