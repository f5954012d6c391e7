import { openFlyApi } from "../../../infra/drivers/fly-api";
import { Secret } from "../../../infra/support";
import { FlySource } from "../../../ops/log/fly-source";

const pages: Record<string, unknown> = {
  "": {
    data: [
      {
        attributes: {
          message: '{"level":50,"msg":"broken"}',
          timestamp: "2026-11-21T10:00:00Z",
          instance: "m1",
        },
      },
    ],
    meta: { next_token: "1" },
  },
  "1": {
    data: [{ attributes: { message: "plain", level: "warn", region: "ams" } }],
    meta: { next_token: "2" },
  },
  "2": { data: [], meta: { next_token: "2" } },
};
const asked: URL[] = [];
const api = openFlyApi({
  token: new Secret("plain"),
  fetch: (url) => {
    const address = new URL(url);
    asked.push(address);
    return Promise.resolve(Response.json(pages[address.searchParams.get("next_token") ?? ""]));
  },
});

test("the pages of Fly's log are read one after the other, each line with its machine, time and level", async () => {
  const source = new FlySource(api, "web", "m1");
  const lines = await source.read(new AbortController().signal);
  expect(lines).toMatchObject([
    { machine: "m1", level: "error", text: "broken", at: new Date("2026-11-21T10:00:00Z") },
    { machine: "ams", level: "warn", text: "plain" },
  ]);
  expect(asked[0]?.href).toBe("https://api.fly.io/api/v1/apps/web/logs?instance=m1");
});
