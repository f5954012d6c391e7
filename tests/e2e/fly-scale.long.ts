import { MongoClient } from "mongodb";
import { waitFor } from "../../infra/support";
import { FlyStack } from "../harness/fly-stack";
import { dnd, startDnd } from "../ops/dnd";

let stack: FlyStack;

beforeAll(async () => {
  stack = await FlyStack.open({ database: "fly_scale", app: { machines: 2 } });
  for (const tag of ["1.0.0", "1.1.0"]) stack.push(tag);
  await stack.want("1.0.0");
  expect(await stack.dnd("up", "--yes")).toMatchObject({ code: 0 });
}, 300_000);
afterAll(() => stack.close());

const machines = () => stack.fly.world.app("tracker").living;
async function writtenDown(name: string): Promise<number> {
  const client = await MongoClient.connect(process.env.TEST_MONGODB_URI ?? "");
  return client
    .db("fly_scale_ops")
    .collection(name)
    .countDocuments()
    .finally(() => client.close());
}
const version = async () => (await fetch(`${stack.url}/health`)).headers.get("x-app-version");

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

test("at Fly too another number outlives the next up, and brings no waiting image along", async () => {
  await stack.want("1.1.0");
  const expired = (...words: [string, ...string[]]) => stack.dndWith({ FLY_API_TOKEN: "expired" }, ...words);
  const stale = { code: 2, stderr: expect.stringContaining("Set FLY_API_TOKEN to a token") };
  expect(await expired("scale", "1", "--reason", "night", "--yes")).toMatchObject(stale);
  expect(await expired("recover", "--backup", "latest", "--yes")).toMatchObject(stale);
  // Nothing was written down that somebody else's `up` would carry out.
  expect(await writtenDown("overrides")).toBe(0);
  expect(await writtenDown("recoveries")).toBe(0);
  expect([machines().length, await version()]).toEqual([2, "1.0.0"]);
  expect(await stack.dnd("scale", "1", "--reason", "night", "--yes")).toMatchObject({ code: 0 });
  expect([machines().length, await version()]).toEqual([1, "1.0.0"]);
  expect(await stack.dnd("up", "--yes")).toMatchObject({ code: 0 });
  expect([machines().length, await version()]).toEqual([1, "1.1.0"]);
}, 300_000);

test("with no machine left a release is refused, and the end of the override brings them back", async () => {
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
}, 300_000);
