import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { awaitAnswer } from "../../ops/local-run/answer";
import { dnd } from "./dnd";
import { fakePulumi } from "./fake-pulumi";

let folder: string;
let local: string;
let app: Server;
let url: string;
let status = 200;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dnd-start-"));
  local = join(folder, "dnd");
  status = 200;
  app = createServer((_, response) => response.writeHead(status).end("a page"));
  await new Promise<void>((listening) => app.listen(0, "127.0.0.1", listening));
  url = `http://127.0.0.1:${(app.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await new Promise((closed) => app.close(closed));
  await rm(folder, { recursive: true, force: true });
});

/** A Pulumi whose `up` makes the given changes and ends with our addresses. */
async function withUp(resourceChanges: Record<string, number>) {
  const outputs = { url, dashboardUrl: `${url}/deployments`, databaseName: "dnd-tracker" };
  const urn = "urn:pulumi:local::dnd-tracker::pulumi:pulumi:Stack::dnd-tracker-local";
  const stack = { op: "same", urn, type: "pulumi:pulumi:Stack", new: { outputs } };
  const log = [
    { timestamp: 1, resOutputsEvent: { metadata: stack } },
    { timestamp: 2, summaryEvent: { resourceChanges, result: "succeeded" } },
  ];
  const behaviour = `if (args.includes("--event-log")) log(${JSON.stringify(log)});`;
  const pulumi = await fakePulumi(folder, behaviour);
  return (...args: string[]) => dnd(["start", ...args], { PATH: pulumi.path, DND_DIR: local });
}

test("each step is shown with its time, and the end is addresses that answer", async () => {
  const { code, stdout, stderr } = await (await withUp({ create: 9 }))();
  expect(code).toBe(0);
  for (const step of ["local stack", "engine", "mongod", "up", "addresses"]) {
    expect(stderr).toMatch(new RegExp(`^✓ ${step} +[\\d.]+m?s `, "m"));
  }
  expect(stdout).toContain("The D&D Tracker is up.");
  expect(stdout).toContain(`app        ${url}`);
  expect(stdout).toContain(`dashboard  ${url}/deployments`);
  expect(stdout).toContain("database   dnd-tracker");
});

test("run again it says that nothing changed; `--json` says it as data", async () => {
  const start = await withUp({ same: 9 });
  expect((await start()).stdout).toContain("Nothing changed");
  expect(JSON.parse((await start("--json")).stdout)).toMatchObject({
    changed: false,
    url,
    databaseName: "dnd-tracker",
  });
});

test("an address that answers with an error is no success, and what was seen is told", async () => {
  status = 503;
  await expect(awaitAnswer(url, new AbortController().signal, 500)).rejects.toMatchObject({
    code: "address-silent",
    message: expect.stringMatching(/did not answer within 0.5s, seen last: status 503/) as string,
  });
});

test("while another start is at work the second waits, says for whom, and then goes on", async () => {
  await mkdir(local);
  const holder = { pid: process.pid, host: hostname(), since: new Date().toISOString(), what: "npm start" };
  await writeFile(join(local, "start.lock"), JSON.stringify(holder));
  setTimeout(() => void rm(join(local, "start.lock")), 2500);
  const { code, stderr } = await (await withUp({ same: 9 }))();
  expect(stderr).toContain(`waiting: process ${process.pid} has been at \`npm start\``);
  expect(code).toBe(0);
});
