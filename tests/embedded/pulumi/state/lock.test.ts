import { spawn } from "node:child_process";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { cancelLock, placeOf, readLocks } from "../../../../embedded/pulumi/state";
import { RecordedStacks } from "./recorded-stacks";

describe("the lock of a stack", () => {
  let stacks: RecordedStacks;
  beforeEach(() => (stacks = new RecordedStacks()));
  afterEach(() => stacks.remove());

  const place = (stack: string) => placeOf(stacks.backendUrl, "recorded", stack);
  const folder = (stack: string) => stacks.file("locks", "organization", "recorded", stack);

  it("is held by one, who is named with the time to whoever comes second", async () => {
    const first = await stacks.open("dev");
    const second = await stacks.open("dev");
    const lock = await first.lock("up");
    const [owner] = await readLocks(first.place);
    expect(owner).toMatchObject({ pid: process.pid, hostname: hostname(), alive: true });
    const refusal = second.lock("up");
    await expect(refusal).rejects.toMatchObject({ code: "stack-locked", kind: "locked" });
    await expect(refusal).rejects.toThrow(`process ${process.pid}, since ${owner?.timestamp}: is running`);
    await lock.release();
    expect(readdirSync(folder("dev"))).toEqual([]);
    await (await second.lock("up")).release();
  });

  it("of a dead process is told from a live one, and removed by cancel", async () => {
    const child = spawn(process.execPath, ["-e", "0"]);
    await new Promise((done) => child.once("exit", done));
    const first = await stacks.open("dev");
    await (await first.lock("up")).release();
    writeLock(child.pid ?? 0, hostname());
    await expect(first.lock("up")).rejects.toThrow("is not running any more");
    const { removed, kept } = await cancelLock(place("dev"));
    expect([removed.length, kept.length]).toEqual([1, 0]);
    await (await first.lock("up")).release();
  });

  it("of a process whose number another one got since is a dead one's", async () => {
    const first = await stacks.open("dev");
    await (await first.lock("up")).release();
    writeLock(process.pid, hostname(), "2020-01-01T00:00:00Z");
    expect(await readLocks(place("dev"))).toMatchObject([{ alive: existsSync("/proc/stat") ? false : true }]);
  });

  it("that the CLI left on another machine stays until all are asked for", async () => {
    const killed = await stacks.open("killed");
    await expect(killed.lock("up")).rejects.toThrow("someone@elsewhere");
    expect((await cancelLock(place("killed"))).kept).toHaveLength(1);
    expect((await cancelLock(place("killed"), { all: true })).removed).toHaveLength(1);
    await (await killed.lock("up")).release();
  });

  it("is gone when the process ends without releasing it", async () => {
    const script = `
      require(${JSON.stringify(require.resolve("../../../../infra/support/typescript.cjs"))});
      const { openStack, readProject } = require(${JSON.stringify(require.resolve("../../../../embedded/pulumi/state"))});
      const { Secret } = require(${JSON.stringify(require.resolve("../../../../infra/support"))});
      openStack({ project: readProject(${JSON.stringify(stacks.projectFolder)}), stack: "dev",
        backendUrl: ${JSON.stringify(stacks.backendUrl)}, passphrase: new Secret("a passphrase for tests") })
        .then((stack) => stack.lock("up")).then(() => process.exit(3));`;
    const child = spawn(process.execPath, ["-e", script], { stdio: "inherit" });
    expect(await new Promise((done) => child.once("exit", done))).toBe(3);
    expect(readdirSync(folder("dev"))).toEqual([]);
  });

  function writeLock(pid: number, host: string, timestamp = new Date().toISOString()): void {
    const content = { pid, username: "someone", hostname: host, timestamp };
    writeFileSync(`${folder("dev")}/1c5e.json`, JSON.stringify(content));
  }
});
