import {
  lifecycle,
  type LocalMongoInputs,
  type LocalMongoOutputs,
} from "../../../infra/resources/local-mongo";
import { unknownValue, type LifecycleContext } from "../../../infra/resources/lifecycle";
import { rm } from "node:fs/promises";
import { silent } from "../../../infra/support";
import { TestServer, kill } from "../engines/database/server";

const context: LifecycleContext = { signal: new AbortController().signal, progress: silent };
const inputs: LocalMongoInputs = { folder: "mongo", database: "tracker" };

let server: TestServer;
let outs: LocalMongoOutputs;
beforeAll(async () => {
  server = await TestServer.open();
  ({ outs } = await lifecycle.create(inputs, context));
});
afterAll(() => server.close());

const diff = (news: LocalMongoInputs = inputs) => lifecycle.diff("local-mongo", outs, news, context);
const read = () => lifecycle.read("local-mongo", outs, context);
const update = async (news: LocalMongoInputs = inputs) =>
  ({ outs } = await lifecycle.update("local-mongo", outs, news, context));

async function check(news: Partial<Record<keyof LocalMongoInputs, unknown>>): Promise<string[]> {
  const checked = await lifecycle.check?.({}, { ...inputs, ...news } as LocalMongoInputs, context);
  return (checked?.failures ?? []).map(({ property }) => property);
}

test("all wrong settings are refused at once, and nothing is looked at or made", async () => {
  expect(await check({})).toEqual([]);
  expect(await check({ folder: "../x", database: "a.b", port: 80 })).toEqual(["folder", "database", "port"]);
  expect(await check({ folder: "state" })).toEqual(["folder"]);
  expect(await check({ database: "admin" })).toEqual(["database"]);
  expect(await check({ database: "d".repeat(60) })).toEqual(["database"]);
  expect(await check({ port: 3000.5 })).toEqual(["port"]);
  expect(await check({ folder: unknownValue, database: unknownValue, port: unknownValue })).toEqual([]);
});

test("what was created is unchanged, and read as it is", async () => {
  expect(outs).toMatchObject({ ...inputs, address: { name: "tracker", credentials: "local" } });
  expect(await diff()).toEqual({ changes: false });
  expect(await read()).toEqual({ id: "local-mongo", props: outs });
});

test("a dead server is drift, read as such and mended by an update; nothing is ever replaced", async () => {
  await kill(outs.pid);
  expect(await diff()).toEqual({ changes: true });
  expect(await read()).toMatchObject({ id: "local-mongo", props: { pid: 0 } });
  await update();
  expect(await diff()).toEqual({ changes: false });
});

test("another port is an update in place, and leaving it out keeps the one that is", async () => {
  const port = outs.listensOn === 31_995 ? 31_994 : 31_995;
  expect(await diff({ ...inputs, port })).toEqual({ changes: true });
  await update({ ...inputs, port });
  expect(outs).toMatchObject({
    listensOn: port,
    address: { uri: expect.stringContaining(`:${port}/`) as string },
  });
  expect(await diff()).toEqual({ changes: false });
});

test("another database is an update in place", async () => {
  expect(await diff({ ...inputs, database: "second" })).toEqual({ changes: true });
});

test("deleting stops the server and keeps the data; without data it is gone", async () => {
  await lifecycle.delete("local-mongo", outs, context);
  await lifecycle.delete("local-mongo", outs, context);
  expect(await read()).toMatchObject({ id: "local-mongo", props: { pid: 0 } });
  await rm(server.path("data"), { recursive: true });
  expect(await read()).toEqual({ id: "" });
});
