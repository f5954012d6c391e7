import { setTimeout as sleep } from "node:timers/promises";
import type { LocalStack } from "../harness/local-stack";
import { startLoad } from "../harness/load";
import { complaintOf } from "../ops/dnd";
import { promiseCell } from "./release-faults/rows";
import { ReleaseTrial } from "./release-faults/trial";

let trial: ReleaseTrial;
let stack: LocalStack;

beforeAll(async () => {
  trial = await ReleaseTrial.open();
  stack = trial.stack;
  expect(await stack.dnd("up", "--yes")).toMatchObject({ code: 0 });
}, 180_000);
afterAll(async () => {
  await trial.close();
}, 120_000);

const version = async () =>
  ((await (await fetch(`${stack.url}/api/health`)).json()) as { version: string }).version;
const releases = async () => (await fetch(`${stack.url}/deployments`)).text();

describe("on a bad day", () => {
  test("a version that never becomes healthy leaves the old one serving, and the error shows its last log lines", async () => {
    await stack.configure({
      app: {
        version: "2.0.0",
        env: { SMTP_PORT: "1", PORT_OF_NOTHING: "1", NODE_OPTIONS: "--no-such-option" },
      },
    });
    const load = startLoad(`${stack.url}/api/characters`, 50);
    const failed = await stack.dnd("up", "--yes");
    const report = await load.stop();
    expect(failed.code).toBe(1);
    expect(failed.stdout + failed.stderr).toContain("--no-such-option");
    expect(report.failures).toEqual({});
    expect(await version()).toBe("1.0.0");
    expect(await releases()).toContain("failed");
  }, 180_000);

  test("the next up goes on once the cause is mended, as a release of its own", async () => {
    await stack.configure({ app: { version: "2.0.1", env: {} } });
    const mended = await stack.dnd("up", "--yes");
    expect(mended.stdout + mended.stderr).not.toMatch(/^error/m);
    expect(mended.code).toBe(0);
    expect(await version()).toBe("2.0.1");
    expect((await stack.outputs()).release).toMatchObject({ number: 3 });
  }, 180_000);

  test("an up that is interrupted ends with code 130, and the next one carries on", async () => {
    await stack.configure({ app: { version: "2.0.2" } });
    const up = stack.start("up", "--yes");
    await sleep(4000);
    up.kill("SIGINT");
    expect((await up.result).code).toBe(130);
    expect(["2.0.1", "2.0.2"]).toContain(await version());
    expect((await stack.dnd("up", "--yes")).code).toBe(0);
    expect(await version()).toBe("2.0.2");
  }, 180_000);

  test("a second up at the same time is told who holds the stack", async () => {
    await stack.configure({ app: { version: "2.0.4" } });
    const first = stack.start("up", "--yes");
    await stack.untilHeld();
    first.kill("SIGSTOP");
    const second = await stack.dnd("up", "--yes").finally(() => first.kill("SIGCONT"));
    expect(second.code).toBe(4);
    expect(second.stderr + second.stdout).toContain(String(first.pid));
    expect((await first.result).code).toBe(0);
  }, 180_000);
});

/** The start of one row of the matrix; all of it is in the long tests. */
describe("a release with migrations", () => {
  beforeAll(() => trial.nextLane());
  const row = ["clear failure", "hang", "kill -9"] as const;
  for (const fault of row) promiseCell(() => trial, "expand", fault);

  test("goes on with the next up, with its data, and nothing is left to do", async () => {
    expect((await stack.dnd("preview", "--expect-no-changes")).code).toBe(1);
    expect(complaintOf(await trial.up())).toBe("");
    expect(await trial.damage()).toEqual([]);
    expect((await stack.dnd("preview", "--expect-no-changes")).code).toBe(0);
  }, 180_000);
});
