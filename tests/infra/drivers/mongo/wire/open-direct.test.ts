import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { BSON, MongoClient, MongoNetworkError, MongoServerError, type Document } from "mongodb";
import { openDirect, type DirectConnection } from "../../../../../infra/drivers/mongo";

const uri = process.env.TEST_MONGODB_URI ?? "";
const database = "direct_connection";

let client: MongoClient;
const closing: { close(): unknown }[] = [];

beforeAll(async () => {
  client = await MongoClient.connect(uri, { appName: "direct" });
  const db = client.db(database);
  await db.dropDatabase();
  const heroes = Array.from({ length: 3000 }, (_, n) => ({ _id: n as never, story: "x".repeat(100) }));
  await db.collection("heroes").insertMany(heroes);
});
afterEach(() => closing.splice(0).forEach((one) => one.close()));
afterAll(async () => {
  await client.db(database).dropDatabase();
  await client.close();
});

async function opened(of = client, signal?: AbortSignal): Promise<DirectConnection> {
  const direct = await openDirect(of, signal);
  if (!direct) throw new Error("there is no direct connection");
  closing.push(direct);
  return direct;
}

test("a command is answered as by the driver", async () => {
  const direct = await opened();
  const counted = await direct.command({ count: "heroes", $db: database });
  expect(counted).toMatchObject({ n: 3000, ok: 1 });
});

test("a refusal is thrown with the server's code and words, and the connection lives on", async () => {
  const direct = await opened();
  const refused = direct.command({ find: "heroes", filter: { $no: 1 }, $db: database });
  await expect(refused).rejects.toBeInstanceOf(MongoServerError);
  await expect(direct.command({ find: "heroes", filter: { $no: 1 }, $db: database })).rejects.toMatchObject({
    code: 2,
    codeName: "BadValue",
    message: expect.stringContaining("$no") as string,
  });
  expect(await direct.command({ ping: 1, $db: "admin" })).toMatchObject({ ok: 1 });
});

test("one question to a cursor is answered until it is at its end", async () => {
  const direct = await opened();
  direct.ask({ find: "heroes", filter: {}, sort: { _id: 1 }, batchSize: 10, $db: database });
  const first = parsed((await direct.next()).document);
  const more = {
    getMore: BSON.Long.fromBigInt(first.id),
    collection: "heroes",
    batchSize: 700,
    $db: database,
  };
  direct.ask(more, { streamed: true });
  const seen = first.documents;
  for (let goOn = true; goOn;) {
    const { document, moreToCome } = await direct.next();
    seen.push(...parsed(document).documents);
    goOn = moreToCome;
  }
  expect(seen.map(({ _id }) => _id as number)).toEqual(Array.from({ length: 3000 }, (_, n) => n));
});

test("the server shows the connection under the name of the client", async () => {
  const direct = await opened();
  const { inprog } = await direct.command({ currentOp: 1, $ownOps: true, $db: "admin" });
  expect(inprog).toContainEqual(expect.objectContaining({ appName: "direct" }));
});

test("an abort ends what is waited for with its reason", async () => {
  const abort = new AbortController();
  const direct = await opened(client, abort.signal);
  const waiting = direct.command({
    hello: 1,
    topologyVersion: await version(),
    maxAwaitTimeMS: 60_000,
    $db: "admin",
  });
  setTimeout(() => abort.abort(new Error("enough")), 20);
  await expect(waiting).rejects.toThrow("enough");
});

async function version(): Promise<Document> {
  const { topologyVersion } = await client.db("admin").command({ hello: 1 }, { promoteValues: false });
  return topologyVersion as Document;
}

function parsed(document: Buffer): { id: bigint; documents: Document[] } {
  const { cursor } = BSON.deserialize(document, { useBigInt64: true }) as {
    cursor: { id: bigint; firstBatch?: Document[]; nextBatch?: Document[] };
  };
  return { id: cursor.id, documents: cursor.firstBatch ?? cursor.nextBatch ?? [] };
}

describe("it is left to the driver", () => {
  test.each([
    ["where what is sent is compressed", { compressors: ["zlib" as const] }],
    ["where the server's interface is pinned", { serverApi: "1" as const }],
  ])("%s", async (_when, options) => {
    const other = await MongoClient.connect(uri, options);
    closing.push(other);
    expect(await openDirect(other)).toBeUndefined();
  });
});

describe("a login", () => {
  // Of a name with other letters the driver itself makes the wrong proof by the older mechanism.
  const login = { user: "cleric level 3", pwd: "only a test: ~{}" };
  const users = () => client.db(database);

  afterAll(() => users().command({ dropAllUsersFromDatabase: 1 }));

  test.each(["SCRAM-SHA-256", "SCRAM-SHA-1"] as const)("by %s is that of the client", async (mechanism) => {
    const direct = await opened(await loggedIn(mechanism));
    const { authInfo } = await direct.command({ connectionStatus: 1, $db: "admin" });
    expect(authInfo).toMatchObject({ authenticatedUsers: [{ user: login.user, db: database }] });
  });

  test("that the server refuses is left to the driver, which says why", async () => {
    const other = await loggedIn("SCRAM-SHA-256");
    await users().command({ updateUser: login.user, pwd: "another one" });
    expect(await openDirect(other)).toBeUndefined();
  });

  test("with letters that have several spellings is left to the driver", async () => {
    const spelt = await loggedIn("SCRAM-SHA-256", "only a t\u00e9st");
    expect(await openDirect(spelt)).toBeUndefined();
  });

  async function loggedIn(mechanism: "SCRAM-SHA-256" | "SCRAM-SHA-1", pwd = login.pwd): Promise<MongoClient> {
    await users().command({ dropAllUsersFromDatabase: 1 });
    await users().command({ createUser: login.user, pwd, roles: [], mechanisms: [mechanism] });
    const auth = { username: login.user, password: pwd };
    const other = await MongoClient.connect(uri, { auth, authSource: database });
    closing.push(other);
    return other;
  }
});

describe("a server", () => {
  const servers: Server[] = [];
  afterEach(() => servers.splice(0).forEach((server) => server.close()));

  test("that does not speak MongoDB's language is left to the driver", async () => {
    const other = await standIn((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    expect(await openDirect(other)).toBeUndefined();
  });

  test("that goes away in the middle of an answer is a broken connection, as the driver has it", async () => {
    const direct = await opened(
      await standIn((socket, question) => {
        const answer = answerOf({ ok: 1 });
        if (question === 1) socket.write(answer);
        else socket.end(answer.subarray(0, 20));
      }),
    );
    await expect(direct.command({ ping: 1, $db: "admin" })).rejects.toBeInstanceOf(MongoNetworkError);
    expect(() => direct.ask({ ping: 1, $db: "admin" })).toThrow(MongoNetworkError);
  });

  test("that is silent is given up once the driver's own looks at it are unanswered too, and no sooner", async () => {
    let now = performance.now();
    const clock = jest.spyOn(performance, "now").mockImplementation(() => now);
    const other = await standIn((socket, question) => {
      if (question === 1) socket.write(answerOf({ ok: 1 }));
    });
    const [connectionId] = other.options.hosts.map(String);
    const look = (outcome: "Succeeded" | "Failed", laterMs: number, at = connectionId) => {
      now += laterMs;
      other.emit(`serverHeartbeat${outcome}`, { connectionId: at } as never);
    };
    try {
      const direct = await opened(other);
      let given: unknown;
      const waiting = direct.command({ ping: 1, $db: "admin" }).catch((error: unknown) => (given = error));
      look("Succeeded", 60_000);
      look("Failed", 10_000);
      look("Succeeded", 10_000);
      look("Failed", 60_000, "elsewhere:27017");
      look("Succeeded", 0);
      look("Failed", 14_000);
      await new Promise((resolve) => setImmediate(resolve));
      expect(given).toBeUndefined();
      look("Failed", 1000);
      await waiting;
      expect(given).toBeInstanceOf(MongoNetworkError);
      expect(given).toMatchObject({ message: expect.stringContaining("is silent") as string });
      expect(other.listenerCount("serverHeartbeatFailed")).toBe(0);
    } finally {
      clock.mockRestore();
    }
  });

  test("may send its answers in any pieces", async () => {
    const direct = await opened(
      await standIn((socket, question) => {
        socket.setNoDelay(true);
        void dripped(socket, answerOf({ ok: 1, question }));
      }),
    );
    expect(await direct.command({ ping: 1, $db: "admin" })).toMatchObject({ question: 2 });
  });

  /** A client whose one server is at another address than it knows. */
  async function standIn(answer: (socket: Socket, question: number) => void): Promise<MongoClient> {
    const server = createServer((socket) => {
      let question = 0;
      socket.on("data", () => answer(socket, ++question));
      socket.on("error", () => undefined);
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const options = { ...client.options, directConnection: true, hosts: [`127.0.0.1:${port}`] };
    return Object.create(client, { options: { value: options } }) as MongoClient;
  }
});

function answerOf(document: Document): Buffer {
  const body = BSON.serialize(document);
  const message = Buffer.alloc(21);
  message.writeInt32LE(21 + body.length, 0);
  message.writeInt32LE(2013, 12);
  return Buffer.concat([message, body]);
}

async function dripped(socket: Socket, bytes: Buffer): Promise<void> {
  for (const byte of bytes) {
    socket.write(Buffer.of(byte));
    await new Promise((resolve) => setImmediate(resolve));
  }
}
