import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { imageOf, stopMachines } from "../../../infra/engines/machines";
import { unknownValue } from "../../../infra/resources/lifecycle";
import {
  lifecycle,
  type LocalMachinesInputs,
  type LocalMachinesOutputs,
} from "../../../infra/resources/local-machines";
import { silent, waitFor } from "../../../infra/support";
import { freePort } from "../../../infra/drivers/processes";

const app = "machines-resource";
const context = { signal: new AbortController().signal, progress: silent };
let folder: string;
let inputs: LocalMachinesInputs;
let outs: LocalMachinesOutputs;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dnd-resource-"));
  process.env.DND_DIR = folder;
  const databaseUri = process.env.TEST_MONGODB_URI ?? "";
  inputs = {
    release: 1,
    address: { uri: databaseUri, name: app, credentials: "none" },
    app,
    image: await imageOf({ name: app, version: "1.0.0" }),
    count: 2,
    port: await freePort(),
    env: { DEPLOY_ENV: "development" },
    databaseUri,
    secrets: { MONITORING_TOKEN: "token-of-a-test-0" },
    databaseName: app,
    schemaVersion: null,
  };
});
afterAll(async () => {
  await stopMachines(app);
  await rm(folder, { recursive: true, force: true });
});

const check = async (news: LocalMachinesInputs) => (await lifecycle.check?.({}, news, context))?.failures;
const changes = async (news: LocalMachinesInputs) => (await lifecycle.diff(app, outs, news, context)).changes;

describe("the local machines as a resource", () => {
  test("refuse what cannot work in the preview already: count, port, and a port of somebody else", async () => {
    expect(await check(inputs)).toEqual([]);
    expect(await check({ ...inputs, count: 11 })).toMatchObject([{ property: "count" }]);
    expect(await check({ ...inputs, port: 80 })).toMatchObject([{ property: "port" }]);
    const other: Server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const { port } = other.address() as { port: number };
    const taken = await check({ ...inputs, port });
    other.close();
    expect(taken).toEqual([
      { property: "port", reason: expect.stringContaining(`port ${port} is taken`) as string },
    ]);
  });

  test("come up verified, tell what runs, and keep the database's address to themselves", async () => {
    const created = await lifecycle.create(inputs, context);
    outs = created.outs;
    expect(created.id).toBe(app);
    expect(outs).toMatchObject({
      url: `http://127.0.0.1:${inputs.port}`,
      digest: inputs.image.digest,
      release: 1,
    });
    expect(outs.machines.map(({ version }) => version)).toEqual(["1.0.0", "1.0.0"]);
    expect(JSON.stringify(outs)).not.toMatch(/databaseUri|token-of-a-test/);
    expect(await check(inputs)).toEqual([]);
  });

  test("do not change when nothing did, nor for what a preview cannot know", async () => {
    expect(await changes(inputs)).toBe(false);
    expect(await changes({ ...inputs, release: null })).toBe(false);
    expect(await changes({ ...inputs, databaseUri: unknownValue, schemaVersion: unknownValue })).toBe(false);
  });

  test("change with the release, image, count, port, environment and database; another app replaces them", async () => {
    expect(await changes({ ...inputs, release: 2 })).toBe(true);
    expect(await changes({ ...inputs, image: { ...inputs.image, digest: "sha256:0" } })).toBe(true);
    expect(await changes({ ...inputs, count: 3 })).toBe(true);
    expect(await changes({ ...inputs, port: inputs.port + 1 })).toBe(true);
    expect(await changes({ ...inputs, env: { DEPLOY_ENV: "staging" } })).toBe(true);
    expect(await changes({ ...inputs, databaseUri: "mongodb://elsewhere/" })).toBe(true);
    expect(await changes({ ...inputs, secrets: { MONITORING_TOKEN: "token-of-a-test-1" } })).toBe(true);
    expect(await lifecycle.diff(app, outs, { ...inputs, app: "other" }, context)).toMatchObject({
      replaces: ["app"],
    });
  });

  test("stay as they are where a failed release is taken back and they have returned by themselves", async () => {
    const broken = { ...inputs, release: 2, env: { NODE_OPTIONS: "--no-such-option" } };
    const { outs: left } = await lifecycle.update(app, outs, { ...broken, returning: true }, context);
    expect(left).toEqual({ ...outs, release: 2 });
    expect((await lifecycle.diff(app, left, broken, context)).changes).toBe(true);
  });

  test("see a killed machine and mend it; reading tells what is there", async () => {
    process.kill(outs.machines[0]?.pid ?? -1, "SIGKILL");
    const seen = async () => (await changes(inputs)) || undefined;
    await waitFor(seen, { what: "the drift to be seen", timeoutMs: 2000, intervalMs: 10 });
    outs = (await lifecycle.update(app, outs, inputs, context)).outs;
    expect(outs.machines).toHaveLength(2);
    expect(await changes(inputs)).toBe(false);
    expect(await lifecycle.read(app, { ...outs, machines: [] }, context)).toMatchObject({
      id: app,
      props: { machines: outs.machines, url: outs.url },
    });
  });

  test("are gone after a deletion, which may be repeated", async () => {
    await lifecycle.delete(app, outs, context);
    await lifecycle.delete(app, outs, context);
    await expect(fetch(outs.url)).rejects.toThrow();
    expect(await lifecycle.read(app, outs, context)).toEqual({ id: "" });
    expect(await changes(inputs)).toBe(true);
  });
});
