import { FlyStandIn } from "../../../embedded/fly";
import { openFlyApi } from "../../../infra/drivers/fly-api";
import { Secret } from "../../../infra/support";
import { jsonIn } from "../../../ops/fly/result-in-log";
import { dnd } from "../dnd";

let fly: FlyStandIn;
let url = "";
beforeAll(async () => {
  fly = new FlyStandIn({ rateLimits: false, replaceMs: 5 });
  url = await fly.listen();
  const api = openFlyApi({ token: new Secret("test-token"), baseUrl: url });
  await api.apps.create({ name: "web", org_slug: "guild" });
  await api.machines.create("web", {
    name: "web-1",
    region: "iad",
    config: { image: "web:v1", env: { A: "1" } },
  });
});
afterAll(() => fly.close());

const run = (...args: string[]) =>
  dnd(["fly", "run", "--app", "web", ...args], {
    FLY_FLAPS_BASE_URL: url,
    FLY_API_BASE_URL: url,
    FLY_API_TOKEN: "test-token",
  });

test("a command runs inside the app's network, tells its lines, gives its document and its end, and leaves nothing", async () => {
  const log = ["looking at 3 migrations", "{", '  "pending": 2', "}"];
  fly.script("tools:v1", { exit: { afterMs: 300, code: 3 }, log });
  const { code, stdout, stderr } = await run(
    "--image",
    "tools:v1",
    "--json",
    "--",
    "dnd",
    "migrate",
    "status",
    "--json",
  );
  expect(code).toBe(3);
  expect(stderr).toContain("looking at 3 migrations");
  expect(JSON.parse(stdout)).toMatchObject({ app: "web", exitCode: 3, result: { pending: 2 }, log });
  const left = [...fly.world.app("web").machines.values()].filter(({ state }) => state !== "destroyed");
  expect(left.map(({ name }) => name)).toEqual(["web-1"]);
}, 30_000);

test("a command that is none, and an app without machines, are refused in words", async () => {
  expect(await run()).toMatchObject({ code: 2 });
  const lost = await run("--group", "worker", "--", "seed");
  expect(lost.code).toBe(2);
  expect(lost.stderr).toContain("no machine in the group worker");
});

test("the last document counts, and words that only look like one do not", () => {
  expect(jsonIn(["[note] begins", '{"a":1}', "[", " 2", "]"])).toEqual([2]);
  expect(jsonIn(["[note] begins", "done"])).toBeUndefined();
});
