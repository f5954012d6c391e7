import { setTimeout as sleep } from "node:timers/promises";
import { FlyStack } from "../harness/fly-stack";
import { complaintOf, type DndRun } from "../ops/dnd";

const database = "fly_killed";
let stack: FlyStack;

const machines = () => stack.fly.world.app("tracker").living;

const rolling = { kind: "rolling", maxUnavailable: 1 };
const bluegreen = { kind: "bluegreen", drain: "1s" };

/** Where a run is killed: with the n-th request of a kind, on its way from the version before to one of its own. */
const moments = [
  { strategy: rolling, action: "update", count: 1, to: "1.1.0" },
  { strategy: rolling, action: "update", count: 2, to: "1.2.0" },
  { strategy: bluegreen, action: "create", count: 2, to: "1.3.0" },
  { strategy: bluegreen, action: "uncordon", count: 1, to: "1.4.0" },
  { strategy: bluegreen, action: "destroy", count: 1, to: "1.5.0" },
];

beforeAll(async () => {
  stack = await FlyStack.open({ database, app: { machines: 2 } });
  for (const tag of ["1.0.0", ...moments.map(({ to }) => to)]) stack.push(tag);
  await stack.want("1.0.0", { deployTimeout: "45s" });
  expect(complaintOf(await stack.dnd("up", "--yes"))).toBe("");
}, 240_000);
afterAll(() => stack.close());

async function killedAt(action: string, count: number): Promise<DndRun> {
  const since = stack.fly.requests.length;
  const running = stack.start("up", "--yes");
  let over = false;
  void running.ended.then(() => (over = true));
  const asked = () => stack.fly.requests.slice(since).filter((one) => one.action === action).length;
  while (!over && asked() < count) await sleep(2);
  running.kill("SIGKILL");
  return running.ended;
}

test.each(moments)(
  "a $strategy.kind deployment killed at $action $count is finished by the next one",
  async ({ strategy, action, count, to }) => {
    await stack.want(to, { strategy });
    const killed = await killedAt(action, count);
    expect(killed.code).not.toBe(0);
    // The lock of a process that is gone is the operator's to remove.
    expect((await stack.dnd("cancel")).code).toBe(0);
    const again = await stack.dnd("up", "--yes");
    expect(complaintOf(again)).toBe("");
    expect(new Set(machines().map(({ config }) => config.env?.APP_VERSION))).toEqual(new Set([to]));
    expect(machines()).toHaveLength(2);
    expect(new Set(machines().map(({ name }) => name)).size).toBe(2);
    expect(machines().every(({ leases, cordoned }) => leases.current === undefined && !cordoned)).toBe(true);
    const marks = machines().flatMap(({ config }) => Object.keys(config.metadata ?? {}));
    for (const underWay of ["dnd_before", "dnd_role", "dnd_hidden"]) expect(marks).not.toContain(underWay);
    expect((await fetch(`${stack.url}/health`)).headers.get("x-app-version")).toBe(to);
  },
  600_000,
);

test("when all of them are finished nothing is left to be done", async () => {
  const writes = () => stack.fly.requests.filter(({ method }) => method !== "GET").length;
  const before = writes();
  expect(complaintOf(await stack.dnd("up", "--yes", "--expect-no-changes"))).toBe("");
  expect(writes()).toBe(before);
}, 300_000);
