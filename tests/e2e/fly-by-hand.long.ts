import { MongoClient } from "mongodb";
import { waitFor } from "../../infra/support";
import { FlyStack } from "../harness/fly-stack";
import { describeWith } from "../harness/tools";
import { complaintOf, dnd, startDnd } from "../ops/dnd";
import { flyctlAt } from "../embedded/fly/flyctl";

const database = "fly_by_hand";
let stack: FlyStack;

beforeAll(async () => {
  stack = await FlyStack.open({ database, app: { machines: 2 }, rateLimits: false });
  for (const tag of ["1.0.0", "1.1.0", "1.2.0"]) stack.push(tag);
  await stack.want("1.0.0");
  expect(complaintOf(await stack.dnd("up", "--yes"))).toBe("");
}, 240_000);
afterAll(() => stack.close());

const machines = () => stack.fly.world.app("tracker").living;
const images = () => machines().map(({ config }) => config.image);
const version = async () => (await fetch(`${stack.url}/health`)).headers.get("x-app-version");
const flyctl = (...args: string[]) =>
  flyctlAt(stack.api, stack.folder, stack.token, [...args, "-a", "tracker"]);
const writes = () => stack.fly.requests.filter(({ method }) => method !== "GET").length;

test("at Fly too the status names each machine, and a log is followed through a bad minute", async () => {
  const place = ["--stack", "trial", "--config-file", stack.configFile];
  const env = { ...stack.env, FLY_API_BASE_URL: stack.api };
  const status = async (more: NodeJS.ProcessEnv = {}) => {
    const { code, stdout } = await dnd(["status", "--json", ...place], { ...env, ...more });
    return { code, ...(JSON.parse(stdout) as { app: object; problems: string[] }) };
  };
  const [first] = machines();
  const seen = machines().map(({ id: name, region }) => ({
    name,
    region,
    version: "1.0.0",
    says: "healthy",
  }));
  expect(await status()).toMatchObject({ app: { machines: seen }, problems: [] });
  const expired = await status({ FLY_API_TOKEN: "expired" });
  expect(expired).toMatchObject({ code: 1, app: { machines: [] } });
  expect(expired.problems.join()).toContain("Set FLY_API_TOKEN to a token");

  const following = startDnd(["logs", "--follow", "--machine", first?.id ?? "", ...place], env);
  const told = (text: string) => () =>
    (following.soFar.stdout + following.soFar.stderr).includes(text) || undefined;
  const wait = { timeoutMs: 120_000, intervalMs: 50 };
  await waitFor(told("listening"), { what: "what is there", ...wait });
  stack.fly.faults.add({ path: /\/logs$/, times: 1000, harm: { kind: "status", status: 503 } });
  await waitFor(told("is asked for again"), { what: "the bad minute to be told of", ...wait });
  stack.fly.faults.clear();
  await waitFor(told("can be read again"), { what: "its end", ...wait });
  following.kill("SIGINT");
  expect((await following.ended).code).toBe(0);
}, 300_000);

async function writtenDown(name: string): Promise<number> {
  const client = await MongoClient.connect(process.env.TEST_MONGODB_URI ?? "");
  return client
    .db(`${database}_ops`)
    .collection(name)
    .countDocuments()
    .finally(() => client.close());
}

describe("another number of machines at Fly", () => {
  test("and a recovery are not begun with a token that has expired: nothing is written down for somebody's next up", async () => {
    const expired = (...words: [string, ...string[]]) =>
      stack.dndWith({ FLY_API_TOKEN: "expired" }, ...words);
    const stale = { code: 2, stderr: expect.stringContaining("Set FLY_API_TOKEN to a token") };
    expect(await expired("scale", "1", "--reason", "night", "--yes")).toMatchObject(stale);
    expect(await expired("recover", "--backup", "latest", "--yes")).toMatchObject(stale);
    expect([await writtenDown("overrides"), await writtenDown("recoveries")]).toEqual([0, 0]);
    expect([machines().length, await version()]).toEqual([2, "1.0.0"]);
  }, 300_000);

  test("outlives the next up, and brings no waiting image along", async () => {
    await stack.want("1.1.0");
    expect(await stack.dnd("scale", "1", "--reason", "night", "--yes")).toMatchObject({ code: 0 });
    expect([machines().length, await version()]).toEqual([1, "1.0.0"]);
    expect(await stack.dnd("up", "--yes")).toMatchObject({ code: 0 });
    expect([machines().length, await version()]).toEqual([1, "1.1.0"]);
  }, 300_000);

  test("that is none refuses a release, and the end of the override brings them back", async () => {
    expect((await stack.dnd("scale", "0")).code).toBe(3);
    expect(await stack.dnd("scale", "0", "--reason", "SEV1", "--yes")).toMatchObject({ code: 0 });
    expect(machines()).toEqual([]);
    await stack.want("1.0.0");
    const refused = await stack.dnd("up", "--yes");
    expect([refused.code === 0, refused.stdout + refused.stderr]).toEqual([
      false,
      expect.stringContaining("dnd scale --clear"),
    ]);
    expect(await stack.dnd("scale", "--clear", "--yes")).toMatchObject({ code: 0 });
    expect([machines().length, await version()]).toEqual([2, "1.1.0"]);
    await stack.want("1.1.0");
  }, 300_000);
});

describeWith("flyctl")("what we deployed, in the hands of Fly's own tool", () => {
  test("is listed and shown", async () => {
    const ids = machines().map(({ id }) => id);
    const listed = JSON.parse((await flyctl("machine", "list", "--json")).text) as { id: string }[];
    expect(listed.map(({ id }) => id).sort()).toEqual([...ids].sort());
    const status = await flyctl("status");
    expect(status.code).toBe(0);
    for (const id of ids) expect(status.text).toContain(id);
    const told = JSON.parse((await flyctl("status", "--json")).text) as { Machines: { id: string }[] };
    expect(told.Machines.map(({ id }) => id).sort()).toEqual([...ids].sort());
  }, 400_000);

  test("is scaled and redeployed by it as its own, which a preview shows, and `up` takes back", async () => {
    const [wanted = ""] = images();
    const scaled = await flyctl("scale", "count", "3", "--yes");
    expect(scaled.code === 0 ? "" : scaled.text).toBe("");
    expect(machines()).toHaveLength(3);
    const other = stack.imageOf("1.2.0");
    const deployed = await flyctl(
      ...["deploy", "--image", other, "--yes", "--dns-checks=false", "--smoke-checks=false", "--ha=false"],
    );
    expect(deployed.code === 0 ? "" : deployed.text).toBe("");
    expect(new Set(images())).not.toContain(wanted);
    const before = writes();
    const preview = await stack.dnd("preview");
    expect(preview.stdout + preview.stderr).toMatch(/remove \S+: 2 are wanted in iad/);
    expect(preview.stdout + preview.stderr).toMatch(/update app-iad-1 .*image/);
    expect(writes()).toBe(before);
    expect(complaintOf(await stack.dnd("up", "--yes"))).toBe("");
    expect(images()).toEqual([wanted, wanted]);
  }, 400_000);

  test("is stopped by it, which is no change of ours", async () => {
    const [one] = machines();
    expect(await flyctl("machine", "stop", one?.id ?? "")).toMatchObject({ code: 0 });
    expect(complaintOf(await stack.dnd("up", "--yes", "--expect-no-changes"))).toBe("");
  }, 400_000);
});
