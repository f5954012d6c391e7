import { createServer as createHttp, type Server as HttpServer } from "node:http";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { lookAll, serviceProbe, type ServiceWish } from "../../../../../infra/engines/monitoring";

const open: (Server | HttpServer)[] = [];
const sockets = new Set<Socket>();

afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await Promise.all(open.map((server) => new Promise((done) => server.close(done))));
});

async function listen(server: Server | HttpServer): Promise<number> {
  open.push(server);
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return (server.address() as AddressInfo).port;
}

/** A Redis that wants this password, or none. */
function redis(password?: string): Promise<number> {
  return listen(
    createServer((socket) => {
      let known = password === undefined;
      socket.on("data", (data) => {
        for (const command of data.toString().split(/(?=\*\d)/)) {
          if (command.includes("AUTH")) {
            known = command.includes(`\r\n${password ?? ""}\r\n`);
            socket.write(known ? "+OK\r\n" : "-WRONGPASS no\r\n");
          } else socket.write(known ? "+PONG\r\n" : "-NOAUTH Authentication required.\r\n");
        }
      });
      socket.on("error", () => undefined);
    }),
  );
}

async function verdictOn(wish: ServiceWish): Promise<{ value: number; note?: string }> {
  const { figures } = await lookAll([serviceProbe(wish)], { at: new Date(0) });
  expect(figures).toHaveLength(1);
  const [figure = { value: NaN }] = figures;
  return figure;
}

describe("Redis", () => {
  const at = (port: number, more = {}) =>
    verdictOn({ name: "redis", kind: "redis", url: `redis://127.0.0.1:${port}`, timeoutMs: 300, ...more });

  test("that answers a ping is well, with a password or without", async () => {
    expect((await at(await redis())).value).toBe(0);
    expect((await at(await redis("secret"), { password: "secret" })).value).toBe(0);
  });

  test("that refuses the password is down, and the password is not told", async () => {
    const { value, note } = await at(await redis("secret"), { password: "wr0ng" });
    expect(value).toBe(1);
    expect(note).not.toContain("wr0ng");
  });

  test("that takes the connection and says nothing is down in time", async () => {
    expect((await at(await listen(createServer(() => undefined)))).note).toMatch(/no answer within 0.3 s/);
  });
});

describe("an address", () => {
  let port: number;
  beforeAll(async () => {
    port = await listen(
      createHttp((request, response) => {
        response.statusCode = Number(request.url?.slice(1, 4)) || 200;
        response.end(request.method === "HEAD" ? undefined : "all systems operational");
      }),
    );
  });
  const at = (path: string, more: object) =>
    verdictOn({ name: "site", url: `http://127.0.0.1:${port}/${path}`, ...more } as ServiceWish);

  test("is judged by its status and by what it contains", async () => {
    expect((await at("200", { kind: "url", contains: "operational" })).value).toBe(0);
    expect((await at("200", { kind: "url", contains: "maintenance" })).note).toMatch(/does not contain/);
    expect((await at("503", { kind: "url" })).note).toBe("it answered 503");
    expect((await at("401", { kind: "url", status: [401] })).value).toBe(0);
  });

  test("of a bucket or of Fly's API is well where it asks for a login, and down where it fails", async () => {
    expect((await at("403", { kind: "s3" })).value).toBe(0);
    expect((await at("404", { kind: "s3" })).value).toBe(1);
    expect((await at("401", { kind: "fly" })).value).toBe(0);
    expect((await at("500", { kind: "fly" })).value).toBe(1);
  });
});
