import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { FlyStack } from "../harness/fly-stack";
import { startLoad } from "../harness/load";

const database = "fly_stack";
let stack: FlyStack;

beforeAll(async () => {
  stack = await FlyStack.open({
    database,
    app: { machines: 2, hostnames: ["dnd.example.com"] },
    env: { NEXTAUTH_SECRET: "canary-secret-of-the-app-0123456789" },
  });
  for (const tag of ["1.0.0", "1.1.0"]) stack.push(tag);
  stack.push("2.0.0", { command: [process.execPath, "-e", "process.exit(3)"] });
}, 60_000);
afterAll(() => stack.close());

const aaaa = { type: "AAAA", name: "dnd.example.com", value: expect.any(String) as unknown };
const version = async () => (await fetch(`${stack.url}/health`)).headers.get("x-app-version");
const machines = () => stack.fly.world.app("tracker").living;
const images = () => machines().map(({ config }) => config.image);
const writes = () => stack.fly.requests.filter(({ method }) => method !== "GET").length;

describe("a stack with its app at Fly", () => {
  test("is released over a database that is there, and again without a change", async () => {
    await stack.want("1.0.0");
    const up = await stack.dnd("up", "--yes");
    expect(up.stdout + up.stderr).not.toMatch(/^error/m);
    expect(up.code).toBe(0);
    expect(await version()).toBe("1.0.0");
    expect(await stack.outputs()).toMatchObject({
      url: stack.url,
      release: { number: 1 },
      machines: [{ name: "app-iad-1" }, { name: "app-iad-2" }],
      // Pending is no failure: the records tell the domain's owner what ends it.
      certificates: [
        { hostname: "dnd.example.com", ready: false, records: expect.arrayContaining([aaaa]) as unknown },
      ],
    });
    const before = writes();
    expect((await stack.dnd("up", "--yes", "--expect-no-changes")).code).toBe(0);
    expect(writes()).toBe(before);
  }, 120_000);

  test("goes to a new version, and back from one that ends at its start, without one failed request", async () => {
    const load = startLoad(`${stack.url}/api/characters`, 200);
    await stack.want("1.1.0");
    const good = await stack.dnd("up", "--yes");
    const [served, before] = [await version(), images()];
    await stack.want("2.0.0");
    const bad = await stack.dnd("up", "--yes");
    const report = await load.stop();
    expect(good).toMatchObject({ code: 0 });
    expect(served).toBe("1.1.0");
    expect(bad.stdout + bad.stderr).toContain("exit code 3");
    expect(bad.code).toBe(1);
    expect(report.failures).toEqual({});
    expect(report.perSecond).toBeGreaterThan(100);
    expect(await version()).toBe("1.1.0");
    expect(images()).toEqual(before);
  }, 180_000);

  test("shows in a preview what a deployment would do, and an image that is not there, and writes nothing", async () => {
    const before = writes();
    await stack.want("1.0.0");
    const other = await stack.dnd("preview");
    expect(other.stdout + other.stderr).toMatch(/update app-iad-1/);
    await stack.want("9.9.9");
    const missing = await stack.dnd("preview");
    expect(missing.code).not.toBe(0);
    expect(missing.stdout + missing.stderr).toContain("there is no image");
    expect(missing.stdout + missing.stderr).not.toMatch(/\n\s+at /);
    expect(writes()).toBe(before);
  }, 60_000);

  test("keeps its secrets out of the state, and goes down", async () => {
    await stack.want("1.1.0");
    const folder = join(stack.folder, "state");
    const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((one) =>
      one.isFile(),
    );
    const texts = await Promise.all(files.map((one) => readFile(join(one.parentPath, one.name), "utf8")));
    expect(texts.length).toBeGreaterThan(0);
    for (const text of texts) expect(text).not.toMatch(/canary-/);
    expect((await stack.dnd("destroy", "--yes")).code).toBe(0);
    expect(stack.fly.world.apps.size).toBe(0);
  }, 60_000);
});
