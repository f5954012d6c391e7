import { execFile } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { projectRoot } from "../../infra/support";

interface Asked {
  what: string;
  token: string | undefined;
  body: unknown;
}

let server: Server;
let asked: Asked[] = [];
let schedules: object[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    let text = "";
    request.on("data", (some) => (text += String(some)));
    request.on("end", () => {
      const body: unknown = text === "" ? null : JSON.parse(text);
      asked.push({ what: `${request.method} ${request.url}`, token: request.headers.authorization, body });
      if (request.method === "POST")
        schedules.push({ scheduleOnce: (body as { timestamp: string }).timestamp });
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ schedules }));
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
});
beforeEach(() => {
  asked = [];
  schedules = [];
});
afterAll(() => server.close());

function run(hours: string, more: NodeJS.ProcessEnv = {}): Promise<{ code: number; stderr: string }> {
  const env = {
    PATH: process.env.PATH,
    PULUMI_API: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    PULUMI_ACCESS_TOKEN: "canary-token",
    PULUMI_CI_ORGANIZATION: "guild",
    PULUMI_CI_PROJECT: "dnd-tracker",
    PULUMI_CI_STACK: "pr-12",
    PULUMI_CI_OPERATION: "update",
    ...more,
  };
  return new Promise((ended) =>
    execFile(
      process.execPath,
      [join(projectRoot, "deployments/live-until.mjs"), hours],
      { env },
      (error, _out, stderr) => ended({ code: error ? 1 : 0, stderr }),
    ),
  );
}

test("gives a review stack an end so many hours from its making, once", async () => {
  const before = Date.now();
  expect(await run("72h")).toMatchObject({ code: 0 });
  expect(await run("72h")).toMatchObject({ code: 0 });
  const posted = asked.filter(({ what }) => what.startsWith("POST"));
  expect(posted).toMatchObject([
    {
      what: "POST /api/stacks/guild/dnd-tracker/pr-12/deployments/ttl/schedules",
      token: "token canary-token",
      body: { deleteAfterDestroy: true },
    },
  ]);
  const { timestamp } = posted[0]?.body as { timestamp: string };
  expect(Date.parse(timestamp) - before).toBeGreaterThanOrEqual(72 * 3_600_000);
});

test("asks nothing where nothing is made, and stops a run that it can give no end", async () => {
  expect(await run("72h", { PULUMI_CI_OPERATION: "destroy" })).toMatchObject({ code: 0 });
  expect(asked).toEqual([]);
  const lost = await run("72h", { PULUMI_CI_STACK: undefined });
  expect(lost.code).toBe(1);
  expect(lost.stderr).toContain("PULUMI_CI_STACK");
});
