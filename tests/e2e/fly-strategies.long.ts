import { FlyStack } from "../harness/fly-stack";
import { startLoad } from "../harness/load";
import { complaintOf } from "../ops/dnd";

const database = "fly_strategies";
let stack: FlyStack;

const strategies = [
  { kind: "rolling", maxUnavailable: 1 },
  { kind: "canary", canaries: 1, hold: "3s" },
  { kind: "bluegreen", drain: "1s" },
  { kind: "immediate" },
];

beforeAll(async () => {
  stack = await FlyStack.open({ database });
  for (const tag of ["1.0.0", "1.1.0"]) stack.push(tag);
  const ended = "process.exit(3)";
  const sick = `require("node:http").createServer((_, answer) => answer.writeHead(500).end())
    .listen(process.env.PORT, "127.0.0.1")`;
  // Each strategy gets bad images of its own: what failed once is in quarantine.
  for (const { kind } of strategies) {
    stack.push(`2.0.0-${kind}`, { command: [process.execPath, "-e", ended] });
    stack.push(`3.0.0-${kind}`, { command: [process.execPath, "-e", sick] });
  }
}, 240_000);
afterAll(() => stack.close());

const machines = () => stack.fly.world.app("tracker").living;
const images = () => machines().map(({ config }) => config.image.split("@")[1]);
const served = async () => (await fetch(`${stack.url}/health`)).headers.get("x-app-version");

test.each(strategies)(
  "$kind takes the app to a good version and back from two bad ones without one failed request",
  async (strategy) => {
    await stack.want("1.0.0", { strategy, deployTimeout: "90s" });
    const first = await stack.dnd("up", "--yes");
    expect(complaintOf(first)).toBe("");
    const load = startLoad(`${stack.url}/api/characters`, 200);
    await stack.want("1.1.0");
    const good = await stack.dnd("up", "--yes");
    const [version, before] = [await served(), images()];
    const bad = [];
    for (const tag of [`2.0.0-${strategy.kind}`, `3.0.0-${strategy.kind}`]) {
      // A machine that answers badly is waited for to the end of this; the way back has time of its own.
      await stack.want(tag, { deployTimeout: "25s" });
      bad.push(await stack.dnd("up", "--yes"));
    }
    const report = await load.stop();
    expect(complaintOf(good)).toBe("");
    expect(version).toBe("1.1.0");
    expect(bad.map(({ code }) => code)).toEqual([1, 1]);
    expect(report.failures).toEqual({});
    expect(report.perSecond).toBeGreaterThan(100);
    expect(await served()).toBe("1.1.0");
    expect(images()).toEqual(before);
    expect(machines()).toHaveLength(3);
    expect(machines().every(({ leases }) => leases.current === undefined)).toBe(true);
  },
  900_000,
);
