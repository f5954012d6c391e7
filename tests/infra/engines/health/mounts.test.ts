import { createServer, request, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import express from "express";
import fastify from "fastify";
import { MongoClient, type Db } from "mongodb";
import {
  expressRoute,
  fastifyRoute,
  healthAnswers,
  healthHandlers,
  nextRoute,
  plainHealth,
} from "../../../../infra/engines/health";

let client: MongoClient;
let db: Db;
let commands: string[] = [];

beforeAll(async () => {
  client = await MongoClient.connect(process.env.TEST_MONGODB_URI ?? "", { monitorCommands: true });
  client.on("commandStarted", ({ commandName }) => commands.push(commandName));
  db = client.db("health_mounts");
});
beforeEach(() => (commands = []));
afterAll(() => client.close());

const options = () => ({ database: db, environment: "production", version: "1.0.0" });
const ofTheGuide = {
  status: "ok",
  timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
  environment: "production",
  version: "1.0.0",
  database: "connected",
};
/** Repeats what was sent to it, so that a mount shows that it passes everything on. */
const echo = async (asked: Request) =>
  Response.json(
    { method: asked.method, path: asked.url, header: asked.headers.get("x-test"), body: await asked.text() },
    { status: 201, headers: { "x-answer": "yes" } },
  );

async function ask(server: Server, path: string, init: RequestInit = {}) {
  if (!server.listening) await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: text ? (JSON.parse(text) as unknown) : null,
  };
}

const sending = {
  method: "POST",
  headers: { "x-test": "1", "content-type": "application/json" },
  body: '{"a":1}',
};

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
}

describe("health", () => {
  test("stands in a Next.js route file as it is", async () => {
    const { GET, HEAD } = nextRoute(healthHandlers(options()).health);
    const answer = await GET(new Request("http://app/api/health"));
    expect([answer.status, await answer.json()]).toEqual([200, ofTheGuide]);
    const head = await HEAD(new Request("http://app/api/health", { method: "HEAD" }));
    expect([head.status, await head.text()]).toEqual([200, ""]);
    expect(head.headers.get("cache-control")).toBe("no-store");
  });

  test("is mounted in Express, before or behind whatever reads bodies", async () => {
    const app = express();
    app.get("/api/health", expressRoute(healthHandlers(options()).health));
    app.post("/raw", expressRoute(echo));
    app.post("/parsed", express.json(), expressRoute(echo));
    const failed: unknown[] = [];
    app.get(
      "/broken",
      expressRoute(() => Promise.reject(new Error("broken"))),
    );
    app.use((error: unknown, _: express.Request, response: express.Response, next: express.NextFunction) => {
      failed.push(error);
      response.status(500).json({});
      next();
    });
    const server = createServer(app);
    expect(await ask(server, "/api/health")).toMatchObject({ status: 200, body: ofTheGuide });
    expect((await ask(server, "/api/health", { method: "HEAD" })).text).toBe("");
    for (const path of ["/raw", "/parsed"]) {
      const answer = await ask(server, path, sending);
      expect(answer.status).toBe(201);
      expect(answer.headers.get("x-answer")).toBe("yes");
      expect(answer.body).toEqual({
        method: "POST",
        path: `http://app${path}`,
        header: "1",
        body: '{"a":1}',
      });
    }
    expect((await ask(server, "/broken")).status).toBe(500);
    expect(failed).toEqual([new Error("broken")]);
    await closed(server);
  });

  test("is mounted in Fastify", async () => {
    const app = fastify();
    app.get("/api/health", fastifyRoute(healthHandlers(options()).health));
    app.post("/echo", fastifyRoute(echo));
    await app.ready();
    expect(await ask(app.server, "/api/health")).toMatchObject({ status: 200, body: ofTheGuide });
    const answer = await ask(app.server, "/echo?x=1", sending);
    expect(answer.status).toBe(201);
    expect(answer.headers.get("x-answer")).toBe("yes");
    expect(answer.body).toEqual({
      method: "POST",
      path: "http://app/echo?x=1",
      header: "1",
      body: '{"a":1}',
    });
    await app.close();
  });

  test("is mounted in a plain server, where hundreds of checks cost one query", async () => {
    const health = plainHealth(healthAnswers(options()), { headers: { "x-app-version": "1.0.0" } });
    const server = createServer((message, response) => {
      if (!health(message, response)) response.writeHead(404).end();
    });
    await ask(server, "/health");
    const answers = await Promise.all(Array.from({ length: 200 }, () => ask(server, "/api/health?n=1")));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(answers[199]).toMatchObject({ body: ofTheGuide });
    // However slow the machine: never more than one for each second that they took.
    const stamps = new Set(answers.map(({ body }) => (body as { timestamp: string }).timestamp));
    expect(commands).toEqual(Array(stamps.size).fill("ping"));
    const { headers } = await ask(server, "/api/health");
    expect([headers.get("x-app-version"), headers.get("cache-control")]).toEqual(["1.0.0", "no-store"]);
    expect((await ask(server, "/api/health", { method: "HEAD" })).text).toBe("");
    expect((await ask(server, "/api/health", { method: "POST" })).status).toBe(405);
    expect((await ask(server, "/api/health/database")).body).toMatchObject({
      status: "ok",
      database: {
        connected: true,
        replication: { role: "primary", primary: true, members: 1 },
        pool: { max: 100, waiting: 0 },
      },
    });
    expect((await ask(server, "/elsewhere").catch(() => ({ status: 0 }))).status).toBe(404);
    await closed(server);
  });

  test("says at once in a plain server that it leaves, and lets its connections go", async () => {
    let leaving = false;
    const answers = healthAnswers({ ...options(), draining: () => leaving });
    const health = plainHealth(answers, { stopping: () => leaving });
    const server = createServer((message, response) => void health(message, response));
    expect((await ask(server, "/health")).body).toMatchObject({ status: "healthy", version: "1.0.0" });
    expect((await ask(server, "/api/health")).status).toBe(200);
    leaving = true;
    for (const path of ["/health", "/api/health"]) {
      const answer = await ask(server, path);
      expect([answer.status, answer.headers.get("connection")]).toEqual([503, "close"]);
      expect(answer.body).toMatchObject({ status: "draining" });
    }
    expect(commands).toEqual(["ping"]);
    await closed(server);
  });

  test("is not led astray by a path or a host that a client makes up", async () => {
    const health = plainHealth(healthAnswers(options()));
    const server = createServer((message, response) => {
      if (!health(message, response)) response.writeHead(404).end();
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    for (const path of [
      "/api/health/../../etc/passwd",
      "//api/health",
      "/api/health%00",
      "http://x/api/health",
    ]) {
      const status = await new Promise((done, fail) => {
        const asked = request({ port, host: "127.0.0.1", path, headers: { host: "evil" } }, (answer) => {
          answer.resume();
          done(answer.statusCode);
        });
        asked.once("error", fail).end();
      });
      expect(status).toBe(404);
    }
    await closed(server);
  });
});
