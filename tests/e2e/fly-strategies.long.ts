import { setTimeout as sleep } from "node:timers/promises";
import { FlyStack } from "../harness/fly-stack";
import { startLoad, type LoadReport } from "../harness/load";
import { complaintOf, type DndRun } from "../ops/dnd";

const database = "fly_strategies";
let stack: FlyStack;

/** An image that ends at its start, or one that runs and answers badly: each meets strategies that replace and that add. */
const strategies = [
  { bad: "ends", strategy: { kind: "rolling", maxUnavailable: 1 } },
  { bad: "is sick", strategy: { kind: "canary", canaries: 1, hold: "3s" } },
  { bad: "ends", strategy: { kind: "bluegreen", drain: "1s" } },
  { bad: "is sick", strategy: { kind: "immediate" } },
];
/** Each strategy has images of its own: what failed once is in quarantine. */
const goodTag = ({ kind }: { kind: string }) => `1.1.0-${kind}`;
const badTag = ({ kind }: { kind: string }) => `2.0.0-${kind}`;

beforeAll(async () => {
  stack = await FlyStack.open({ database });
  stack.push("1.0.0");
  const scripts: Record<string, string> = {
    ends: "process.exit(3)",
    "is sick": `require("node:http").createServer((_, answer) => answer.writeHead(500).end())
      .listen(process.env.PORT, "127.0.0.1")`,
  };
  for (const { bad, strategy } of strategies) {
    stack.push(goodTag(strategy));
    stack.push(badTag(strategy), { command: [process.execPath, "-e", scripts[bad] ?? ""] });
  }
  await stack.want("1.0.0");
  expect(complaintOf(await stack.dnd("up", "--yes"))).toBe("");
}, 240_000);
afterAll(() => stack.close());

const machines = () => stack.fly.world.app("tracker").living;
const images = () => machines().map(({ config }) => config.image.split("@")[1]);
const served = async () => (await fetch(`${stack.url}/health`)).headers.get("x-app-version");

/** Players ask for pages and for what is in the database, from before the first machine is touched to the end. */
async function upUnderLoad(): Promise<{ up: DndRun; report: LoadReport }> {
  const since = stack.fly.requests.length;
  const running = stack.start("up", "--yes");
  let over = false;
  void running.ended.then(() => (over = true));
  const begun = () => stack.fly.requests.slice(since).some(({ action }) => action === "lease");
  while (!over && !begun()) await sleep(5);
  const paths = ["/api/characters", "/health", "/api/health", "/health"];
  const load = startLoad(
    paths.map((path) => stack.url + path),
    200,
  );
  const up = await running.ended;
  return { up, report: await load.stop() };
}

test.each(strategies)(
  "$strategy.kind takes the app to a good version and back from one that $bad without one failed request",
  async ({ strategy }) => {
    await stack.want(goodTag(strategy), { strategy, deployTimeout: "90s" });
    const good = await upUnderLoad();
    expect(complaintOf(good.up)).toBe("");
    expect(await served()).toBe(goodTag(strategy));
    const before = images();
    // A machine that answers badly is waited for to the end of this; the way back has time of its own.
    await stack.want(badTag(strategy), { deployTimeout: "15s" });
    const bad = await upUnderLoad();
    expect(bad.up.code).toBe(1);
    for (const { report } of [good, bad]) {
      expect(report.failures).toEqual({});
      expect(report.perSecond).toBeGreaterThan(100);
    }
    expect(await served()).toBe(goodTag(strategy));
    expect(images()).toEqual(before);
    expect(machines()).toHaveLength(3);
    expect(machines().every(({ leases }) => leases.current === undefined)).toBe(true);
  },
  900_000,
);
