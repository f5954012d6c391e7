import { request } from "node:http";
import { openTable, type Table } from "./table";

let table: Table;

beforeAll(async () => {
  table = await openTable({ MACHINE_ID: "m1", IMAGE_DIGEST: "sha256:abc" });
});
afterAll(async () => {
  await table.stop();
});

/** Sends what fetch refuses to send. */
function raw(method: string, path: string, headers: Record<string, string>, chunks: string[] = []) {
  return new Promise<{ status: number; connection: string | undefined }>((done, fail) => {
    const sent = request(table.url, { method, path, headers }, (answer) => {
      answer.resume();
      done({ status: answer.statusCode ?? 0, connection: answer.headers.connection });
    });
    sent.once("error", fail);
    for (const chunk of chunks) sent.write(chunk);
    sent.end();
  });
}

describe("the app", () => {
  test("says in every answer which version, image and machine gave it", async () => {
    for (const path of ["/", "/api/parties", "/nowhere", "/health"]) {
      const { headers } = await table.ask("GET", path);
      expect(headers.get("x-app-version")).toBe("1.2.3");
      expect(headers.get("x-machine-id")).toBe("m1");
      expect(headers.get("x-image-digest")).toBe("sha256:abc");
    }
  });

  test("answers 404 where there is nothing, also for an id that cannot be one", async () => {
    for (const path of [
      "/nowhere",
      "/api",
      "/api/characters/1",
      "/api/characters/0123456789abcdef01234567",
    ]) {
      expect((await table.ask("GET", path)).status).toBe(404);
    }
  });

  test("answers 405 with what is possible", async () => {
    const answer = await table.ask("DELETE", "/api/characters");
    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")).toBe("GET, POST");
    expect((await raw("TRACE", "/", {})).status).toBe(405);
  });

  test("answers 413 to more than 1 MB, whether it is announced or not, and hangs up", async () => {
    const type = { "content-type": "application/json" };
    const announced = { ...type, "content-length": String(2 * 1024 * 1024) };
    const chunks = Array.from({ length: 40 }, () => "x".repeat(64 * 1024));
    const tooLarge = { status: 413, connection: "close" };
    expect(await raw("POST", "/api/parties", type, chunks)).toEqual(tooLarge);
    expect(await raw("POST", "/api/parties", announced, ["x".repeat(2 * 1024 * 1024)])).toEqual(tooLarge);
  });

  test("answers 400 to what is not JSON and 415 to what does not say it is", async () => {
    const type = { "content-type": "application/json" };
    expect((await raw("POST", "/api/parties", type, ["{"])).status).toBe(400);
    expect((await raw("POST", "/api/parties", { "content-type": "text/plain" }, ["{}"])).status).toBe(415);
  });

  test("answers 400 to an address that is none", async () => {
    expect((await raw("GET", "http://%", {})).status).toBe(400);
  });

  test("answers 500 without a word of what is inside, and logs the reason", async () => {
    const command = { collMod: "parties", validator: { name: "never" }, validationLevel: "strict" };
    await table.db.command(command);
    const answer = await table.ask("POST", "/api/parties", { name: "Stormwind" });
    await table.db.command({ ...command, validator: {} });
    expect(answer).toMatchObject({ status: 500, body: { error: "something went wrong on our side" } });
    expect(table.log.join("")).toContain("Document failed validation");
  });

  test("answers HEAD like GET, without a body", async () => {
    const answer = await fetch(table.url, { method: "HEAD" });
    expect(answer.status).toBe(200);
    expect(Number(answer.headers.get("content-length"))).toBeGreaterThan(1000);
    expect(await answer.text()).toBe("");
  });

  test("logs each request in one line of JSON, with the id that the answer carries", async () => {
    const answer = await fetch(`${table.url}/api/parties?token=canary`, {
      headers: { "x-request-id": "r-1" },
    });
    expect(answer.headers.get("x-request-id")).toBe("r-1");
    const line = table.log.find((one) => one.includes('"r-1"')) ?? "{}";
    expect(JSON.parse(line)).toEqual({
      level: 30,
      time: expect.any(Number),
      pid: process.pid,
      hostname: expect.any(String),
      req: { id: "r-1", method: "GET", url: "/api/parties?token=[secret]" },
      res: { statusCode: 200 },
      responseTime: expect.any(Number),
      msg: "request completed",
    });
    expect(table.log.join("")).not.toContain("canary");
  });

  test("does not bury the log under health checks", async () => {
    const before = table.log.length;
    await table.ask("GET", "/health");
    await table.ask("GET", "/api/health");
    expect(table.log.length).toBe(before);
  });
});
