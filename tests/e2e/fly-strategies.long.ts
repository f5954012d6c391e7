import { FlyStack } from "../harness/fly-stack";
import { startLoad } from "../harness/load";
import { complaintOf } from "../ops/dnd";

const database = "fly_strategies";
let stack: FlyStack;

/** An image that ends at its start, or one that runs and answers badly: each meets strategies that replace and that add. */
const strategies = [
  { bad: "ends", strategy: { kind: "rolling", maxUnavailable: 1 } },
  { bad: "is sick", strategy: { kind: "canary", canaries: 1, hold: "3s" } },
  { bad: "ends", strategy: { kind: "bluegreen", drain: "1s" } },
  { bad: "is sick", strategy: { kind: "immediate" } },
];
const badTag = (bad: string, { kind }: { kind: string }) => `2.0.0-${bad.replace(" ", "-")}-${kind}`;

beforeAll(async () => {
  stack = await FlyStack.open({ database });
  for (const tag of ["1.0.0", "1.1.0"]) stack.push(tag);
  const scripts: Record<string, string> = {
    ends: "process.exit(3)",
    "is sick": `require("node:http").createServer((_, answer) => answer.writeHead(500).end())
      .listen(process.env.PORT, "127.0.0.1")`,
  };
  // Each strategy gets a bad image of its own: what failed once is in quarantine.
  for (const { bad, strategy } of strategies)
    stack.push(badTag(bad, strategy), { command: [process.execPath, "-e", scripts[bad] ?? ""] });
}, 240_000);
afterAll(() => stack.close());

const machines = () => stack.fly.world.app("tracker").living;
const images = () => machines().map(({ config }) => config.image.split("@")[1]);
const served = async () => (await fetch(`${stack.url}/health`)).headers.get("x-app-version");

test.each(strategies)(
  "$strategy.kind takes the app to a good version and back from one that $bad without one failed request",
  async ({ bad, strategy }) => {
    await stack.want("1.0.0", { strategy, deployTimeout: "90s" });
    const first = await stack.dnd("up", "--yes");
    expect(complaintOf(first)).toBe("");
    const load = startLoad(`${stack.url}/api/characters`, 200);
    await stack.want("1.1.0");
    const good = await stack.dnd("up", "--yes");
    const [version, before] = [await served(), images()];
    // A machine that answers badly is waited for to the end of this; the way back has time of its own.
    await stack.want(badTag(bad, strategy), { deployTimeout: "25s" });
    const refused = await stack.dnd("up", "--yes");
    const report = await load.stop();
    expect(complaintOf(good)).toBe("");
    expect(version).toBe("1.1.0");
    expect(refused.code).toBe(1);
    expect(report.failures).toEqual({});
    expect(report.perSecond).toBeGreaterThan(100);
    expect(await served()).toBe("1.1.0");
    expect(images()).toEqual(before);
    expect(machines()).toHaveLength(3);
    expect(machines().every(({ leases }) => leases.current === undefined)).toBe(true);
  },
  900_000,
);
