import {
  FlyNotAllowed,
  FlyUnavailable,
  NoCapacity,
  openFlyApi,
  RateLimited,
  UnexpectedAnswer,
  UnknownOutcome,
  type FlyApi,
} from "../../../../infra/drivers/fly-api";
import { Secret } from "../../../../infra/support";

interface Asked {
  url: string;
  init: RequestInit;
}

let asked: Asked[];
let slept: number[];
let answers: (() => Response)[];

beforeEach(() => {
  asked = [];
  slept = [];
  answers = [];
});

function open(token = "plain-token", attempts = 5, baseUrl?: string): FlyApi {
  return openFlyApi({
    ...(baseUrl ? { baseUrl } : {}),
    token: new Secret(token),
    attempts,
    clock: { now: () => 0, sleep: (ms) => Promise.resolve(void slept.push(ms)) },
    fetch: (url, init) => {
      asked.push({ url, init });
      const next = answers.shift();
      if (!next) throw new Error("no further request was expected");
      return new Promise((resolve) => resolve(next()));
    },
  });
}

const json =
  (status: number, body: unknown, headers = {}) =>
  () =>
    new Response(JSON.stringify(body), { status, headers: { "fly-request-id": "01REQ", ...headers } });
const broken = (code: string) => () => {
  throw new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) });
};
const app = { id: "1", name: "web" };
const machine = {
  id: "m",
  name: "one",
  state: "created",
  region: "iad",
  instance_id: "v",
  created_at: "",
  updated_at: "",
};
const creation = { name: "one", config: { image: "web:v1" } };

describe("a call of Fly's API", () => {
  test.each([
    ["plain-token", "Bearer plain-token"],
    ["fm2_abc", "FlyV1 fm2_abc"],
    ["FlyV1 fm2_abc,fm2_def", "FlyV1 fm2_abc,fm2_def"],
  ])("shows the token %s as %s", async (token, header) => {
    answers = [json(200, app)];
    await open(token).apps.get("web");
    expect(asked[0]?.init.headers).toMatchObject({ authorization: header });
    expect(asked[0]?.url).toBe("https://api.machines.dev/v1/apps/web");
  });

  test("is tried again where that is harmless, as long after as the answer asks for", async () => {
    answers = [json(503, { error: "later" }, { "retry-after": "7" }), broken("ECONNRESET"), json(200, app)];
    expect(await open().apps.get("web")).toMatchObject({ name: "web" });
    expect(asked).toHaveLength(3);
    expect(slept[0]).toBe(7000);
    expect(slept[1]).toBeLessThan(1000);
  });

  test("gives up after its tries, with Fly's words and the number of the request", async () => {
    answers = Array.from({ length: 3 }, () => json(502, { error: "bad gateway" }));
    const failure = await open("t", 3)
      .apps.get("web")
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(FlyUnavailable);
    expect(failure).toMatchObject({
      status: 502,
      requestId: "01REQ",
      message: expect.stringContaining(
        "Fly did not show app web: bad gateway (502), request 01REQ",
      ) as string,
    });
  });

  test.each([408, 500, 502, 503, 504])(
    "is not repeated after %p when it creates something",
    async (status) => {
      answers = [json(status, { error: "who knows" })];
      await expect(open().machines.create("web", creation)).rejects.toThrow(UnknownOutcome);
    },
  );

  test("that creates something is repeated only when it was never sent, or was refused its turn", async () => {
    answers = [
      broken("ECONNREFUSED"),
      json(429, { error: "slow down" }, { "retry-after": "2" }),
      json(200, machine),
    ];
    expect(await open().machines.create("web", creation)).toMatchObject({ id: "m" });
    expect(slept.some((ms) => ms === 2000)).toBe(true);
    answers = [broken("ECONNRESET")];
    await expect(open().machines.create("web", creation)).rejects.toThrow(UnknownOutcome);
    answers = Array.from({ length: 2 }, () => json(429, { error: "slow down" }));
    await expect(open("t", 2).machines.create("web", creation)).rejects.toThrow(RateLimited);
  });

  test("tells situations apart that only their texts tell", async () => {
    answers = [json(401, { error: "unauthorized" })];
    await expect(open().apps.get("web")).rejects.toMatchObject({ constructor: FlyNotAllowed, exitCode: 2 });
    answers = [json(422, { error: "x", status: "insufficient_capacity" })];
    await expect(open().machines.create("web", creation)).rejects.toThrow(NoCapacity);
    answers = [json(400, { message: 'could not find app "web"' })];
    expect(await open().apps.get("web")).toBeUndefined();
    answers = [json(404, { error: "machine not found" })];
    await open().machines.destroy("web", "m");
  });

  test("refuses an answer that it does not know, and takes what it need not know", async () => {
    answers = [json(200, { name: 7 })];
    await expect(open().apps.get("web")).rejects.toThrow(UnexpectedAnswer);
    answers = [json(200, { ...machine, config: { image: "web:v1", brand_new: { kept: true } } })];
    expect((await open().machines.get("web", "m"))?.config).toEqual({
      image: "web:v1",
      brand_new: { kept: true },
    });
  });

  test("ends when its caller has had enough, and never shows the token or a secret", async () => {
    const enough = AbortSignal.abort(new Error("enough"));
    await expect(open().apps.get("web", { signal: enough })).rejects.toThrow("enough");
    answers = [json(400, { error: "no" })];
    const failure = await open("canary-token")
      .secrets.write("web", { KEY: new Secret("canary-value") })
      .catch((error: unknown) => error);
    expect(asked.at(-1)?.init.body).toContain("canary-value");
    expect(JSON.stringify(failure) + String(failure)).not.toContain("canary");
  });
});

test("the log of a machine is asked for at Fly's own place, and beside an API that is not Fly's", async () => {
  const page = (messages: string[], next: string) =>
    json(200, {
      data: messages.map((message) => ({ id: message, attributes: { message } })),
      meta: { next_token: next },
    });
  answers = [page(["a", "b"], "1"), page(["c"], "2"), page([], "2")];
  expect(await open().logs.tail("web", "m1", { lines: 2 })).toEqual(["b", "c"]);
  expect(asked.map(({ url }) => url)).toEqual([
    "https://api.fly.io/api/v1/apps/web/logs?instance=m1",
    "https://api.fly.io/api/v1/apps/web/logs?instance=m1&next_token=1",
    "https://api.fly.io/api/v1/apps/web/logs?instance=m1&next_token=2",
  ]);
  answers = [page([], "")];
  await open("plain-token", 5, "http://fly.test/").logs.tail("web", "m1", { lines: 2 });
  expect(asked.at(-1)?.url).toBe("http://fly.test/api/v1/apps/web/logs?instance=m1");
});
