import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FlyStandIn, imagesOf, ProcessRuntime, type ImageProgram } from "../../../embedded/fly";
import { openFlyApi, type FlyApi, type MachineConfig } from "../../../infra/drivers/fly-api";
import { Secret, waitFor } from "../../../infra/support";
import { startLoad } from "../../harness/load";
import { judged } from "./open";

const program = `
const { createServer } = require("node:http");
const server = createServer((request, response) => {
  if (request.url === "/exit") process.exit(7);
  const answer = () => response.end(process.env.VERSION + " " + process.env.FLY_MACHINE_ID);
  setTimeout(answer, request.url === "/slow" ? 400 : 0);
});
server.listen(Number(process.env.PORT), "127.0.0.1");
process.on("SIGINT", () => { server.close(() => process.exit(0)); server.closeIdleConnections(); });
`;

let folder: string;
let fly: FlyStandIn;
let api: FlyApi;
let address: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dnd-fly-"));
  await writeFile(join(folder, "server.js"), program);
  const image = (version: string): ImageProgram => ({
    command: [process.execPath, join(folder, "server.js")],
    cwd: folder,
    env: { VERSION: version },
  });
  const runtime = new ProcessRuntime({
    folder: join(folder, "machines"),
    image: imagesOf({
      "web:v1": image("v1"),
      "web:v2": image("v2"),
      "web:deaf": { ...image("deaf"), port: 3000 },
    }),
  });
  fly = judged(new FlyStandIn({ runtime, edge: { idleMs: 300 } }));
  api = openFlyApi({ token: new Secret("test"), baseUrl: await fly.listen() });
  await api.apps.create({ name: "web", org_slug: "guild" });
  address = await fly.edge.address("web");
});
afterEach(async () => {
  await fly.close();
  await rm(folder, { recursive: true, force: true });
});

const check = { type: "http", path: "/", interval: "2s", timeout: "1s" };
const configOf = (image: string, service = {}): MachineConfig => ({
  image,
  restart: { policy: "no" },
  services: [{ protocol: "tcp", internal_port: 8080, ports: [{ port: 80 }], checks: [check], ...service }],
});

async function started(image: string, service = {}) {
  const machine = await api.machines.create("web", { config: configOf(image, service) });
  await api.machines.wait("web", machine.id, { states: ["started"], timeoutMs: 10_000 });
  return machine;
}

async function healthy(image = "web:v1") {
  const machine = await started(image);
  await passing(machine.id);
  return machine;
}

async function passing(id: string) {
  const healthyOnce = async () => {
    const seen = await api.machines.get("web", id);
    return seen?.checks?.length && seen.checks.every(({ status }) => status === "passing") ? seen : undefined;
  };
  return waitFor(healthyOnce, { what: `${id} to be healthy`, timeoutMs: 10_000 });
}

const ask = async (path = "/", headers = {}) => {
  const response = await fetch(`${address}${path}`, { headers });
  return { status: response.status, text: await response.text() };
};

describe("machines of the stand-in that really run", () => {
  test("answer at the app's address from the moment they are healthy until they are cordoned", async () => {
    expect((await ask()).status).toBe(503);
    const one = await healthy();
    expect(await ask()).toEqual({ status: 200, text: `v1 ${one.id}` });
    const two = await healthy("web:v2");
    await api.machines.cordon("web", one.id);
    for (let n = 0; n < 4; n++) expect((await ask()).text).toBe(`v2 ${two.id}`);
    await api.machines.uncordon("web", one.id);
    expect((await ask("/", { "fly-force-instance-id": one.id })).text).toBe(`v1 ${one.id}`);
    expect((await ask("/", { "fly-force-instance-id": two.id })).text).toBe(`v2 ${two.id}`);
  });

  test("end what they have begun to answer when they are updated, and answer as the new version then", async () => {
    const { id } = await healthy();
    const slow = ask("/slow");
    await new Promise((resolve) => setTimeout(resolve, 100));
    const { instance_id: version } = await api.machines.update("web", id, { config: configOf("web:v2") });
    expect(await slow).toEqual({ status: 200, text: `v1 ${id}` });
    await api.machines.wait("web", id, { states: ["started"], version, timeoutMs: 10_000 });
    await passing(id);
    expect((await ask()).text).toBe(`v2 ${id}`);
    const exit = (await api.machines.events("web", id)).find(({ type }) => type === "exit");
    expect(exit?.request?.exit_event).toMatchObject({ requested_stop: true, exit_code: 0 });
  });

  test("lose no request while one of two is updated after the other", async () => {
    const both = [await healthy(), await healthy()];
    const load = startLoad(address, 100);
    for (const { id } of both) {
      const { instance_id: version } = await api.machines.update("web", id, { config: configOf("web:v2") });
      await api.machines.wait("web", id, { states: ["started"], version, timeoutMs: 10_000 });
      await passing(id);
    }
    const { failures, perSecond } = await load.stop();
    expect(failures).toEqual({});
    expect(perSecond).toBeGreaterThan(50);
    expect((await ask()).text).toMatch(/^v2 /);
  });

  test("tell how they ended when nobody asked them to", async () => {
    const { id } = await healthy();
    await ask("/exit");
    await api.machines.wait("web", id, { states: ["stopped"], timeoutMs: 5000 });
    const [exit] = await api.machines.events("web", id);
    expect(exit).toMatchObject({
      type: "exit",
      request: { exit_event: { exit_code: 7, requested_stop: false, oom_killed: false } },
    });
  });

  test("are stopped when nobody asks them, and started by the next request", async () => {
    const { id } = await started("web:v1", { autostop: "stop", autostart: true, min_machines_running: 0 });
    await api.machines.wait("web", id, { states: ["stopped"], timeoutMs: 5000 });
    expect((await ask()).text).toBe(`v1 ${id}`);
    expect((await api.machines.get("web", id))?.events?.map(({ source }) => source)).toContain("proxy");
  });

  test("are critical, and say why, when their program listens elsewhere", async () => {
    const { id } = await api.machines.create("web", { config: configOf("web:deaf") });
    await api.machines.wait("web", id, { states: ["started"], timeoutMs: 5000 });
    const seen = await api.machines.get("web", id);
    expect(seen?.checks?.[0]).toMatchObject({
      name: "servicecheck-00-http-8080",
      status: "critical",
      output: expect.stringContaining("nothing listens on port 8080") as string,
    });
    const [listening] = await api.machines.processes("web", id);
    expect(listening?.listen_sockets).toEqual([{ proto: "tcp", address: "0.0.0.0:3000" }]);
  });

  test("are refused when there is no such image", async () => {
    const wish = api.machines.create("web", { config: configOf("web:v9") });
    await expect(wish).rejects.toMatchObject({
      status: 400,
      said: expect.stringContaining("MANIFEST_UNKNOWN") as string,
    });
  });

  test("find the app's secrets and their own environment, and know who they are", async () => {
    await api.secrets.write("web", { SEAL: new Secret("wax"), SHARED: new Secret("secret") });
    const config = { ...configOf("web:v1"), env: { SHARED: "own" } };
    const { id } = await api.machines.create("web", { config });
    await api.machines.wait("web", id, { states: ["started"], timeoutMs: 5000 });
    const told = await api.machines.exec("web", id, [
      "sh",
      "-c",
      "echo $SEAL $SHARED $FLY_APP_NAME $FLY_REGION",
    ]);
    expect(told.stdout).toBe("wax own web iad\n");
  });

  test("run a command beside their program", async () => {
    const { id } = await healthy();
    const ran = await api.machines.exec("web", id, ["sh", "-c", "echo $VERSION; exit 3"]);
    expect(ran).toMatchObject({ exit_code: 3, stdout: "v1\n" });
  });
});
