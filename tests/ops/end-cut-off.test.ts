import { spawn } from "node:child_process";
import { once } from "node:events";
import { MongoClient } from "mongodb";
import { identify } from "../../infra/drivers/processes";
import { beginRelease, findRelease } from "../../infra/engines/release";
import { endBegunSince } from "../../ops/end-cut-off";

const name = "end_cut_off_ops";
let client: MongoClient;

beforeAll(async () => {
  client = await MongoClient.connect(process.env.TEST_MONGODB_URI ?? "");
});
afterAll(async () => {
  await client.db(name).dropDatabase();
  await client.close();
});

function begin(number: number, pid: number) {
  const runner = identify(pid);
  if (!runner) throw new Error(`there is no process ${pid}`);
  return beginRelease(client.db(name), {
    ...{ number, environment: "development", schemaBefore: null, why: [], commit: null },
    image: { name: "app", version: "1.0.0", digest: "sha256:1" },
    details: { runner },
  });
}

async function begunByTheDead(number: number): Promise<void> {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  await once(child, "spawn");
  await begin(number, child.pid ?? 0);
  child.kill("SIGKILL");
  await once(child, "exit");
}

const stateOf = async (number: number) => (await findRelease(client.db(name), number))?.state;

test("an interrupted run ends its own release, and none that began before it", async () => {
  await begunByTheDead(1);
  await endBegunSince(client.db(name), new Date(Date.now() + 60_000));
  expect(await stateOf(1)).toBe("running");
  await endBegunSince(client.db(name), new Date(0));
  expect(await findRelease(client.db(name), 1)).toMatchObject({
    state: "failed",
    error: expect.stringContaining("interrupted") as string,
  });
});

test("a release whose process lives is somebody else's, and goes on", async () => {
  await begin(2, process.pid);
  await endBegunSince(client.db(name), new Date(0), 20);
  expect(await stateOf(2)).toBe("running");
});
