import { requestLimit } from "../../app/http";
import { openLog } from "../../app/log";
import { startApp, type RunningApp } from "../../app/running-app";
import { readAppSettings } from "../../app/settings";

const friend = "https://tales.example.com";
let running: RunningApp;

beforeAll(async () => {
  const settings = readAppSettings({
    ...{ PORT: "0", STOP_DELAY_MS: "0", MONGODB_DB_NAME: "web", MONGODB_URI: process.env.TEST_MONGODB_URI },
    ...{
      HSTS_MAX_AGE: "31536000",
      CORS_ORIGINS: `${friend}, https://other.example`,
      RATE_LIMIT_PER_MINUTE: "10",
    },
  });
  running = await startApp(settings, openLog("silent"));
});
afterAll(() => running.stop());

const ask = (path: string, method = "GET", headers: Record<string, string> = {}) =>
  fetch(`http://127.0.0.1:${running.port}${path}`, { method, headers });

describe("the app that is told what browsers and strangers may do", () => {
  test("tells browsers to come by TLS alone, in every answer", async () => {
    for (const path of ["/nowhere", "/health"])
      expect((await ask(path)).headers.get("strict-transport-security")).toBe("max-age=31536000");
  });

  test("lets pages of the origins that are named use its API, also where it refuses, and no others", async () => {
    const question = { "access-control-request-method": "DELETE" };
    const may = await ask("/api/parties", "OPTIONS", { ...question, origin: friend });
    expect(may.status).toBe(204);
    expect(may.headers.get("access-control-allow-origin")).toBe(friend);
    expect(may.headers.get("access-control-allow-methods")).toContain("DELETE");
    const wrong = await ask("/api/parties/1", "GET", { origin: friend });
    expect(wrong.status).toBe(404);
    expect(wrong.headers.get("access-control-allow-origin")).toBe(friend);
    const stranger = await ask("/api/parties", "OPTIONS", { ...question, origin: "https://evil.example" });
    expect(stranger.status).toBe(405);
    expect(stranger.headers.get("access-control-allow-origin")).toBeNull();
    expect(stranger.headers.get("vary")).toBe("origin");
  });

  test("refuses a client that asks too often, says when to come again, and goes on telling that it is well", async () => {
    let refused = await ask("/nowhere");
    for (let times = 0; times < 100 && refused.status !== 429; times++) refused = await ask("/nowhere");
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
    expect((await ask("/health")).status).toBe(200);
    expect((await ask("/api/health")).status).toBe(200);
  });
});

describe("a limit of requests", () => {
  let at = 0;
  const open = (behindFly: boolean) => {
    const take = requestLimit({ perMinute: 2, behindFly, now: () => at });
    return (headers: Record<string, string>) => take(new Request("http://app/api/parties", { headers }));
  };

  test("is each client's own, and comes back with time", () => {
    const take = open(false);
    for (const peer of ["10.0.0.1", "10.0.0.1", "10.0.0.2"]) take({ "x-peer-address": peer });
    expect(() => take({ "x-peer-address": "10.0.0.1" })).toThrow("too many requests");
    at += 30_000;
    expect(() => take({ "x-peer-address": "10.0.0.1" })).not.toThrow();
  });

  test("believes nobody but Fly's proxy where a request comes from, and takes a network of IPv6 for one client", () => {
    const direct = open(false);
    const claims = (n: number) => ({ "x-peer-address": "10.0.0.9", "fly-client-ip": `192.0.2.${n}` });
    [1, 2].forEach((n) => direct(claims(n)));
    expect(() => direct(claims(3))).toThrow("too many requests");
    const fly = open(true);
    [1, 2].forEach((n) => fly(claims(n)));
    expect(() => fly(claims(3))).not.toThrow();
    const from = (ip: string) => ({ "x-peer-address": "10.0.0.9", "fly-client-ip": ip });
    ["2001:db8:0:1::1", "2001:db8:0:1:2::"].forEach((ip) => fly(from(ip)));
    expect(() => fly(from("2001:db8::1:0:0:0:7"))).toThrow("too many requests");
    expect(() => fly(from("2001:db8:0:2::1"))).not.toThrow();
  });
});
