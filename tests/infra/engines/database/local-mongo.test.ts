import type { MongoClient } from "mongodb";
import { stat, unlink, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { connect, type DatabaseRole } from "../../../../infra/drivers/mongo";
import { observeLocalMongo, stopLocalMongo } from "../../../../infra/engines/database";
import { TestServer, gone, kill } from "./server";

let server: TestServer;
let other: Server | undefined;

beforeAll(async () => {
  server = await TestServer.open();
});
afterAll(() => server.close());
afterEach(() => {
  other?.close();
  other = undefined;
});

const observe = () => observeLocalMongo(server.folder);

async function as<T>(role: DatabaseRole, work: (client: MongoClient) => Promise<T>): Promise<T> {
  const { address } = await server.ensure();
  const client = await connect(address, role);
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

function listenOn(port: number): Promise<void> {
  other = createServer((socket) => socket.destroy());
  return new Promise((resolve) => other?.listen(port, "127.0.0.1", resolve));
}

describe("a new server", () => {
  test("is absent before, and ready after, with an address that holds no secret", async () => {
    expect(await observe()).toEqual({ state: "absent" });
    const { address, appUri, port, version } = await server.ensure();
    expect(address).toEqual({
      uri: `mongodb://127.0.0.1:${port}/?replicaSet=dnd`,
      name: "tracker",
      credentials: "local",
    });
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(String(appUri)).toBe("[secret]");
    expect(await observe()).toMatchObject({ state: "ready", address });
  });

  test("is the same one when it is wanted again", async () => {
    const first = await server.ensure();
    expect(await server.ensure()).toEqual(first);
  });

  test("runs as production does: users log in, table scans and scripts are refused, only this machine is heard", async () => {
    const { address } = await server.ensure();
    const stranger = await connect({ ...address, credentials: "none" }, "app");
    await expect(stranger.db("tracker").collection("a").findOne()).rejects.toMatchObject({ code: 13 });
    await stranger.close();
    await as("app", async (client) => {
      const monsters = client.db("tracker").collection("monsters");
      await monsters.insertOne({ name: "Owlbear" });
      await expect(monsters.findOne({ name: "Owlbear" })).rejects.toThrow(/notablescan/);
      await expect(monsters.findOne({ $where: "true" })).rejects.toThrow(/script|javascript/i);
    });
    const { argv } = await command();
    expect(argv[argv.indexOf("--bind_ip") + 1]).toBe("127.0.0.1");
  });

  test("gives each user what its work needs and no more", async () => {
    const write = (client: MongoClient, db: string) => client.db(db).collection("w").insertOne({});
    await as("app", async (client) => {
      await write(client, "tracker");
      await client.db("tracker_ops").listCollections().toArray();
      const ops = client.db("tracker_ops");
      await expect(write(client, "tracker_ops")).rejects.toMatchObject({ code: 13 });
      await ops.createCollection("metrics", { timeseries: { timeField: "at", metaField: "meta" } });
      await ops.collection("metrics").insertOne({ at: new Date(), meta: {}, value: 1 });
      const hour = { _id: "hour" as never };
      await ops.collection("metric_hours").updateOne(hour, { $inc: { count: 1 } }, { upsert: true });
      await ops.collection("alerts").updateOne({ _id: "a" as never }, { $set: { resolved: true } });
      await expect(ops.collection("alerts").insertOne({})).rejects.toMatchObject({ code: 13 });
      await expect(ops.collection("metric_hours").deleteOne(hour)).rejects.toMatchObject({ code: 13 });
      await expect(write(client, "elsewhere")).rejects.toMatchObject({ code: 13 });
    });
    await as("migration", async (client) => {
      await client.db("tracker").collection("w").createIndex({ a: 1 });
      await client.db("tracker").command({ collMod: "w", validator: {} });
      await write(client, "tracker_ops");
      await expect(client.db("admin").command({ usersInfo: 1 })).rejects.toMatchObject({ code: 13 });
    });
    await as("backup", async (client) => {
      expect(await client.db("tracker").collection("w").estimatedDocumentCount()).toBeGreaterThan(0);
      await write(client, "tracker_ops");
      await expect(write(client, "tracker")).rejects.toMatchObject({ code: 13 });
    });
  });

  test("keeps passwords and key where only their owner reads them", async () => {
    const mode = async (name: string) => (await stat(server.path(name))).mode & 0o777;
    expect(await mode("credentials.json")).toBe(0o600);
    expect(await mode("keyfile")).toBe(0o400);
    const { appUri } = await server.ensure();
    const password = new URL(appUri.reveal()).password;
    expect(password.length).toBeGreaterThan(20);
    expect(JSON.stringify(await server.json("instance.json"))).not.toContain(password);
    expect((await command()).argv.join(" ")).not.toContain(password);
  });
});

async function command(): Promise<{ argv: string[] }> {
  const { MongoClient } = await import("mongodb");
  const { admin } = (await server.json("credentials.json")) as { admin: { user: string; password: string } };
  const { port } = await server.ensure();
  const client = await MongoClient.connect(`mongodb://127.0.0.1:${port}/?directConnection=true`, {
    auth: { username: admin.user, password: admin.password },
  });
  try {
    return (await client.db("admin").command({ getCmdLineOpts: 1 })) as unknown as { argv: string[] };
  } finally {
    await client.close();
  }
}

describe("drift is seen and mended, and the data stays", () => {
  const count = () => as("app", (client) => client.db("tracker").collection("kept").estimatedDocumentCount());

  beforeAll(() => as("app", (client) => client.db("tracker").collection("kept").insertOne({})));

  test("a server that was killed", async () => {
    const { pid, port } = await server.ensure();
    await kill(pid);
    expect(await observe()).toMatchObject({ state: "down", why: `process ${pid} has ended` });
    expect(await server.ensure()).toMatchObject({ port });
    expect(await count()).toBe(1);
  });

  test("a server that stopped, whose port somebody else took: it moves", async () => {
    const { port } = await server.ensure();
    await stopLocalMongo(server.folder);
    expect(await observe()).toMatchObject({ state: "down", why: "it is stopped" });
    await listenOn(port);
    const moved = await server.ensure();
    expect(moved.port).not.toBe(port);
    expect(await count()).toBe(1);
    expect((await server.ensure()).port).toBe(moved.port);
  });

  test("another port and another database by setting", async () => {
    const { port } = await server.ensure();
    const wanted = port === 31_999 ? 31_998 : 31_999;
    expect((await server.ensure({ port: wanted })).port).toBe(wanted);
    const renamed = await server.ensure({ database: "second" });
    const client = await connect(renamed.address, "app");
    await client.db("second").collection("a").insertOne({});
    await client.close();
    expect(await count()).toBe(1);
  });

  test("a record that was removed is made again from the server that runs", async () => {
    const { pid, port } = await server.ensure();
    await unlink(server.path("instance.json"));
    expect(await observe()).toMatchObject({ state: "down" });
    expect(await server.ensure()).toMatchObject({ pid, port });
  });
});

describe("what cannot go on says why, with a remedy, and touches nothing", () => {
  test("a port that was asked for and is taken", async () => {
    await stopLocalMongo(server.folder);
    await listenOn(31_997);
    await expect(server.ensure({ port: 31_997 })).rejects.toMatchObject({
      code: "mongod-port-taken",
      message: expect.stringContaining("31997") as string,
    });
  });

  test("a record that cannot be read; stopping works all the same", async () => {
    const { pid } = await server.ensure();
    await writeFile(server.path("instance.json"), '{"port":');
    await expect(server.ensure()).rejects.toMatchObject({ code: "mongo-instance-unreadable" });
    await stopLocalMongo(server.folder);
    await gone(pid);
    await unlink(server.path("instance.json"));
    await server.ensure();
  });

  test("credentials that are broken, gone, or of another database", async () => {
    const path = server.path("credentials.json");
    const right = JSON.stringify(await server.json("credentials.json"));
    await stopLocalMongo(server.folder);
    await writeFile(path, right.slice(0, 40));
    await expect(server.ensure()).rejects.toMatchObject({ code: "database-credentials-unreadable" });
    await unlink(path);
    await expect(server.ensure()).rejects.toMatchObject({ code: "mongo-credentials-lost" });
    await writeFile(path, right.replace(/"password":"[^"]*"/g, '"password":"guessed"'));
    await expect(server.ensure()).rejects.toMatchObject({ code: "mongo-credentials-foreign" });
    await writeFile(path, right);
    await server.ensure();
  });
});

test("stopping is in order, keeps the data, and does nothing the second time or where nothing is", async () => {
  const { pid } = await server.ensure();
  await stopLocalMongo(server.folder);
  await gone(pid);
  expect((await stat(server.path("data/mongod.lock"))).size).toBe(0);
  await stopLocalMongo(server.folder);
  await stopLocalMongo(`${server.folder}-that-is-not-there`);
  await expect(stat(`${server.folder}-that-is-not-there`)).rejects.toThrow();
});

test("two at once: one works, the other waits and finds the same server", async () => {
  const told: string[] = [];
  const [one, two] = await Promise.all([
    server.ensure({ progress: (line) => told.push(line) }),
    server.ensure({ progress: (line) => told.push(line) }),
  ]);
  expect(one).toEqual(two);
  expect(told.filter((line) => line.startsWith("starting"))).toHaveLength(1);
  expect(told.filter((line) => line.startsWith("waiting"))).toHaveLength(1);
});
