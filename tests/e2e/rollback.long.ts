import { LocalStack } from "../harness/local-stack";
import { promiseReleasesInARow, ship as shipOn, versionOf } from "./releases-in-a-row";

let stack: LocalStack;

beforeAll(async () => {
  stack = await LocalStack.open();
});
afterAll(async () => {
  await stack.close();
}, 120_000);

const outputs = async () => (await stack.outputs()) as unknown as { release: { number: number } };
const version = () => versionOf(stack);
const ship = (wanted: string) => shipOn(stack, wanted);

test("the first release has nothing to go back to, and says what is left", async () => {
  expect((await ship("1.0.0")).code).toBe(0);
  const refused = await stack.dnd("rollback", "app", "--yes");
  expect(refused.code).toBe(3);
  expect(refused.stderr).toContain("no earlier release");
  expect(await version()).toBe("1.0.0");
}, 180_000);

promiseReleasesInARow(() => stack);

/** Runs a command while another one is in the middle of its work, and stands still. */
async function during(first: [string, ...string[]], second: [string, ...string[]]) {
  const working = stack.start(...first);
  await stack.untilHeld();
  working.kill("SIGSTOP");
  const refused = await stack.dnd(...second).finally(() => working.kill("SIGCONT"));
  expect(refused.code).toBe(4);
  expect(refused.stderr + refused.stdout).toContain(String(working.pid));
  expect((await working.result).code).toBe(0);
}

test("a rollback during a release is told who holds the stack, and the release goes on", async () => {
  await stack.configure({ app: { version: "5.0.0" } });
  await during(["up", "--yes"], ["rollback", "app", "--yes"]);
  expect(await version()).toBe("5.0.0");
}, 300_000);

test("a rollback with data says how many writes would be lost, brings the archive back and happens once", async () => {
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
  expect(await version()).toBe("4.0.0");
  const parties = await (await fetch(`${stack.url}/api/parties`)).text();
  expect(parties).not.toContain("Written After");
  expect(parties).toContain("party-of-the-load-1");
}, 300_000);

test("a release during a rollback is told who holds the stack, and the rollback goes to the one before", async () => {
  await during(["rollback", "app", "--yes"], ["up", "--yes"]);
  expect(await version()).toBe("2.0.0");
}, 300_000);

test("going back once more goes to the one before that, and a third time there is nothing left", async () => {
  expect((await stack.dnd("rollback", "app", "--yes")).code).toBe(0);
  expect(await version()).toBe("1.0.0");
  const third = await stack.dnd("rollback", "app", "--yes");
  expect(third.code).toBe(3);
  expect(await version()).toBe("1.0.0");
}, 300_000);

const journal = () =>
  stack.withDatabase((client, name) =>
    client
      .db(`${name}_ops`)
      .collection<{ _id: number }>("releases")
      .find({}, { projection: { _id: 1 } })
      .sort({ _id: 1 })
      .toArray(),
  );
const forget = (number: number) =>
  stack.withDatabase((client, name) =>
    client.db(`${name}_ops`).collection<{ _id: number }>("releases").deleteOne({ _id: number }),
  );

test("a journal that has lost its newest release learns of it from the state, and gives no number twice", async () => {
  const lost = (await outputs()).release.number;
  await forget(lost);
  const refused = await ship("9.0.0");
  expect(refused.code).toBe(3);
  expect(refused.stderr + refused.stdout).toContain(`had lost release ${lost}`);
  expect(await version()).toBe("1.0.0");
  expect((await stack.dnd("up", "--yes")).code).toBe(0);
  expect(await version()).toBe("9.0.0");
  expect((await outputs()).release.number).toBe(lost + 1);
  expect((await journal()).map(({ _id }) => _id)).toEqual(
    Array.from({ length: lost + 1 }, (_, at) => at + 1),
  );
}, 300_000);

test("a rollback that is killed is gone on with by the next one", async () => {
  const serves = async () => (await version()) === "1.0.0";
  expect(
    (await stack.killedWhen(serves, "rollback", "app", "--yes", "--engine", stack.engine)).code,
  ).toBeNull();
  expect(["9.0.0", "1.0.0"]).toContain(await version());
  await stack.dnd("cancel");
  const plain = await stack.dnd("up", "--yes");
  expect(plain.code === 3 || (await version()) === "9.0.0").toBe(true);
  const again = await stack.dnd("rollback", "app", "--yes");
  expect([0, 3]).toContain(again.code);
  expect((await stack.dnd("rollback", "app", "--to", "1", "--yes")).stdout).not.toContain("bug");
  expect(await version()).toBe("1.0.0");
}, 300_000);

test("a release that the journal has lost is gone back to by what the stack's history tells of it", async () => {
  expect((await ship("10.0.0")).code).toBe(0);
  await forget(1);
  const back = await stack.dnd("rollback", "app", "--to", "1", "--yes");
  expect(back.stdout + back.stderr).toContain("read in the stack's history");
  expect(back.code).toBe(0);
  expect(await version()).toBe("1.0.0");
}, 300_000);
