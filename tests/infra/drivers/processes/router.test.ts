import { once } from "node:events";
import { Agent, createServer, request, type RequestListener, type Server } from "node:http";
import { connect, createServer as createTcp, type AddressInfo, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { freePort, Router } from "../../../../infra/drivers/processes";

const open: { close(): unknown }[] = [];
let backends: { id: string; port: number; pid: number }[];
let router: Router;
let port: number;

beforeEach(async () => {
  backends = [];
  router = new Router({ ready: () => backends });
  port = await router.listen("127.0.0.1", 0);
});
afterEach(async () => {
  await router.close(100);
  for (const one of open.splice(0)) one.close();
});

async function backend(id: string, listener: RequestListener): Promise<Server> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  open.push({ close: () => (server.closeAllConnections(), server.close()) });
  backends.push({ id, port: (server.address() as AddressInfo).port, pid: 1 });
  return server;
}

const ask = (path = "/", init?: RequestInit) => fetch(`http://127.0.0.1:${port}${path}`, init);

describe("a router", () => {
  test("shares requests among machines and says which one answered", async () => {
    await backend("a", (_, response) => response.end("a"));
    await backend("b", (_, response) => response.end("b"));
    const answers = [];
    for (let n = 0; n < 6; n++) answers.push((await ask()).headers.get("x-machine-id"));
    expect(answers.filter((id) => id === "a")).toHaveLength(3);
    expect(answers.filter((id) => id === "b")).toHaveLength(3);
  });

  test("prefers the least busy machine", async () => {
    const waiting: (() => void)[] = [];
    await backend("busy", (_, response) => void waiting.push(() => response.end("busy")));
    const slow = ask();
    while (waiting.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await backend("idle", (_, response) => response.end("idle"));
    for (let n = 0; n < 4; n++) expect(await (await ask()).text()).toBe("idle");
    expect(router.backends.inFlight("busy")).toBe(1);
    waiting[0]?.();
    await (await slow).text();
    expect(router.backends.inFlight("busy")).toBe(0);
  });

  test("cuts events without an end when their machine is to have no requests any more, and waits for other answers", async () => {
    const waiting: (() => void)[] = [];
    await backend("a", (message, response) => {
      const isEvents = message.url === "/events";
      response.writeHead(200, { "content-type": isEvents ? "text/event-stream" : "text/plain" });
      response.write("first ");
      if (!isEvents) waiting.push(() => response.end("last"));
    });
    const [events, other] = [await ask("/events"), await ask("/other")];
    expect(router.backends.inFlight("a")).toBe(2);
    router.backends.cutStreams("a");
    await expect(events.text()).rejects.toThrow();
    while (router.backends.inFlight("a") > 1) await new Promise((resolve) => setTimeout(resolve, 5));
    waiting[0]?.();
    expect(await other.text()).toBe("first last");
  });

  test("carries bodies as streams both ways, with what belongs to each connection left out", async () => {
    let seen: Record<string, unknown> = {};
    await backend("a", (message, response) => {
      seen = message.headers;
      response.writeHead(201, "Made", { "x-one": "1", "set-cookie": ["a=1", "b=2"] });
      message.pipe(response);
    });
    const big = "dragon".repeat(500_000);
    const headers = { "x-forwarded-for": "10.0.0.1", te: "trailers" };
    const answer = await ask("/echo?x=1", { method: "POST", body: big, headers });
    expect([answer.status, answer.headers.get("x-one"), answer.headers.getSetCookie()]).toEqual([
      201,
      "1",
      ["a=1", "b=2"],
    ]);
    expect(await answer.text()).toBe(big);
    expect(seen).toMatchObject({ host: `127.0.0.1:${port}`, "x-forwarded-for": "10.0.0.1, 127.0.0.1" });
    expect(seen.te).toBeUndefined();
  });

  test("gives the beginning of an answer before its end is there", async () => {
    let finish: () => void = () => undefined;
    await backend("a", (_, response) => {
      response.write("first ");
      finish = () => response.end("last");
    });
    const reader = (await ask()).body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe("first ");
    finish();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe("last");
  });

  test("gives a request that no byte was sent of to another machine, whatever its method", async () => {
    backends.push({ id: "gone", port: await freePort(), pid: 1 });
    let times = 0;
    await backend("here", (message, response) => {
      times++;
      message.pipe(response);
    });
    for (let n = 0; n < 4; n++)
      expect(await (await ask("/", { method: "POST", body: "once" })).text()).toBe("once");
    expect(times).toBe(4);
  });

  test("does not repeat what a machine may have done: that is a 502", async () => {
    let times = 0;
    const drop: RequestListener = (message) => {
      times++;
      message.socket.destroy();
    };
    await backend("a", drop);
    await backend("b", drop);
    expect((await ask("/", { method: "POST", body: "pay" })).status).toBe(502);
    expect(times).toBe(1);
  });

  test("repeats a question whose kept connection was closed just then", async () => {
    let answers = 0;
    const server = createTcp((socket: Socket) => {
      let first = true;
      socket.on("error", () => undefined);
      socket.on("data", () => {
        if (!first) return void socket.destroy();
        first = false;
        answers++;
        socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    open.push(server);
    backends.push({ id: "a", port: (server.address() as AddressInfo).port, pid: 1 });
    for (let n = 0; n < 3; n++) expect((await ask()).status).toBe(200);
    expect(answers).toBe(3);
  });

  test("breaks an answer off that a machine did not finish", async () => {
    await backend("a", (message, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half");
      setTimeout(() => message.socket.destroy(), 20);
    });
    await expect(ask().then((answer) => answer.text())).rejects.toThrow();
  });

  test("lets a machine know that a client has gone", async () => {
    const gone = new Promise<void>((resolve) => {
      void backend("a", (_, response) => void response.once("close", resolve));
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    const leaving = new AbortController();
    const asked = ask("/", { signal: leaving.signal }).catch(() => undefined);
    setTimeout(() => leaving.abort(), 50);
    await Promise.all([asked, gone]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(router.backends.inFlight("a")).toBe(0);
  });

  test("says when to come back where no machine can answer", async () => {
    const answer = await ask();
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "1"]);
    backends.push({ id: "gone", port: await freePort(), pid: 1 });
    expect((await ask()).status).toBe(503);
  });

  test("keeps connections to client and machine open between requests", async () => {
    const sockets = new Set<unknown>();
    await backend("a", (message, response) => {
      sockets.add(message.socket);
      response.end("ok");
    });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const reused: boolean[] = [];
    for (let n = 0; n < 3; n++) {
      const asked = request({ host: "127.0.0.1", port, agent }).end();
      const [answer] = (await once(asked, "response")) as [AsyncIterable<Buffer>];
      for await (const part of answer) expect(String(part)).toBe("ok");
      reused.push(asked.reusedSocket);
    }
    agent.destroy();
    expect(reused).toEqual([false, true, true]);
    expect(sockets.size).toBe(1);
  });

  test("carries an upgraded connection for as long as it lasts, and counts it", async () => {
    const server = await backend("a", (_, response) => response.end());
    server.on("upgrade", (_, socket: Socket) => {
      socket.write("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n");
      socket.pipe(socket);
    });
    const client = connect(port, "127.0.0.1");
    client.write("GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n");
    const [head] = (await once(client, "data")) as [Buffer];
    expect(String(head)).toMatch(/^HTTP\/1.1 101 /);
    client.write("roll");
    const [echoed] = (await once(client, "data")) as [Buffer];
    expect(String(echoed)).toBe("roll");
    expect(router.backends.inFlight("a")).toBe(1);
    client.destroy();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(router.backends.inFlight("a")).toBe(0);
  });

  test("gives the machine's no to an upgrade, and a 503 where there is no machine", async () => {
    const upgrade = "GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n";
    const nobody = connect(port, "127.0.0.1");
    nobody.write(upgrade);
    expect(await text(nobody)).toMatch(/^HTTP\/1.1 503 /);
    await backend("a", (_, response) => response.writeHead(426).end("no"));
    const client = connect(port, "127.0.0.1");
    client.write(upgrade);
    expect(await text(client)).toMatch(/^HTTP\/1.1 426 [^]*no/);
  });

  test("names the port that is taken and the setting that moves it", async () => {
    const error = await new Router({ ready: () => [] })
      .listen("127.0.0.1", port)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "router-port-taken" });
    expect(String(error)).toMatch(new RegExp(`${port}[^]*dnd-tracker:app.port`));
  });
});
