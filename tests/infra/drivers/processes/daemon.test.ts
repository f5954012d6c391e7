import { execFileSync } from "node:child_process";
import { mkdir, readFile, writeFile, stat } from "node:fs/promises";
import { createServer, request } from "node:http";
import { join } from "node:path";
import {
  freePort,
  ensureHost,
  observeHost,
  stopHost,
  type ControlClient,
  type HostView,
} from "../../../../infra/drivers/processes";
import { controlSocket } from "../../../../infra/drivers/processes/control-address";
import { identify } from "../../../../infra/drivers/processes/process-identity";
import { waitFor } from "../../../../infra/support";
import { machineOf, server, testFolder } from "./machine-spec";

let place: Awaited<ReturnType<typeof testFolder>>;
let folder: string;
let host: ControlClient;
beforeAll(async () => {
  place = await testFolder();
  // Deeper than the path of a socket may be.
  folder = join(place.path, "a-folder-with-a-long-name-".repeat(4), "machines");
  await mkdir(folder, { recursive: true });
  host = await ensureHost(folder);
});
afterAll(async () => {
  await stopHost(folder);
  await place.remove();
});

function until(what: string, holds: (view: HostView) => boolean): Promise<HostView> {
  const look = async () => {
    const view = await observeHost(folder);
    return view && holds(view) ? view : undefined;
  };
  return waitFor(look, { what, timeoutMs: 8000, intervalMs: 20 });
}
const allHealthy = () =>
  until("health", ({ machines }) =>
    machines.every((one) => one.health.status === "passing" && one.pid !== null),
  );

describe("the daemon", () => {
  test("is one for a folder, however many ask for it at the same time", async () => {
    await Promise.all([ensureHost(folder), ensureHost(folder), ensureHost(folder)]);
    const first = await host.view();
    expect((await (await ensureHost(folder)).view()).pid).toBe(first.pid);
  });

  test("is driven only by who has its token, which is this user's alone", async () => {
    expect((await stat(join(folder, "token"))).mode & 0o777).toBe(0o600);
    const socketPath = controlSocket(folder);
    const status = await new Promise((resolve, reject) => {
      const asked = request({
        socketPath,
        path: "/view/",
        method: "POST",
        headers: { authorization: "Bearer guessed" },
      });
      asked.once("response", (response) => resolve(response.statusCode));
      asked.once("error", reject);
      asked.end();
    });
    expect(status).toBe(401);
  });

  test("keeps what is secret out of its arguments, its environment, its log and its answers", async () => {
    for (const id of ["one", "two"]) {
      await host.create(await machineOf(place.path, id, server), { SECRET: "dragon-hoard" }, false);
      await host.start(id);
    }
    const port = await freePort();
    await host.open({ group: "web", host: "127.0.0.1", port });
    const view = await allHealthy();
    const telling = [
      execFileSync("ps", ["eww", "-p", String(view.pid)], { encoding: "utf8" }),
      await readFile(join(folder, "daemon.log"), "utf8"),
      await readFile(join(folder, "one", "machine.json"), "utf8"),
      JSON.stringify(view),
      ...view.machines.map(({ pid }) =>
        execFileSync("ps", ["ww", "-o", "args=", "-p", String(pid)], { encoding: "utf8" }),
      ),
    ];
    expect(telling.filter((text) => text.includes("dragon-hoard"))).toEqual([]);
  });

  test("killed and started again, serves at the same address with the same processes, and starts those that end", async () => {
    const before = await allHealthy();
    process.kill(before.pid, "SIGKILL");
    await until("the daemon to be gone", ({ pid }) => pid === 0);
    expect((await observeHost(folder))?.machines.map(({ pid }) => pid)).toEqual(
      before.machines.map(({ pid }) => pid),
    );
    await ensureHost(folder);
    const after = await allHealthy();
    expect(after.machines.map(({ pid }) => pid)).toEqual(before.machines.map(({ pid }) => pid));
    expect(after.routes).toEqual(before.routes);
    expect((await fetch(`http://127.0.0.1:${after.routes[0]?.port}/`)).status).toBe(200);

    const [victim] = after.machines;
    process.kill(victim?.pid ?? -1, "SIGKILL");
    const again = await until(
      "another process",
      ({ machines }) => (machines[0]?.pid ?? victim?.pid) !== victim?.pid,
    );
    expect(again.machines[0]?.port).toBe(victim?.port);
  });

  test("waits for a request in flight before it stops a machine, and sends it none meanwhile", async () => {
    await allHealthy();
    const { routes, machines } = await host.view();
    const url = `http://127.0.0.1:${routes[0]?.port}`;
    const slow = [fetch(`${url}/slow`), fetch(`${url}/slow`)];
    await until("two requests", ({ machines: now }) => now.every((one) => one.inFlight === 1));
    const leaving = machines[0];
    if (!leaving) throw new Error("no machine");
    const stopping = host.stop(leaving.spec);
    const others = await Promise.all(Array.from({ length: 10 }, async () => (await fetch(url)).text()));
    expect(others.every((text) => !text.startsWith(leaving.spec.id))).toBe(true);
    expect((await Promise.all(slow)).map(({ status }) => status)).toEqual([200, 200]);
    await stopping;
    expect((await host.view()).machines[0]).toMatchObject({ state: "stopped", pid: null, exit: { code: 0 } });
  });

  test("moves its address, and keeps the old one when the new one is taken", async () => {
    const [route] = (await host.view()).routes;
    const port = await freePort();
    await host.open({ group: "web", host: "127.0.0.1", port });
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200);
    await expect(fetch(`http://127.0.0.1:${route?.port}/`)).rejects.toThrow();
    const net = await import("node:net");
    const other = net.createServer().listen(route?.port, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    await expect(
      host.open({ group: "web", host: "127.0.0.1", port: route?.port ?? 0 }),
    ).rejects.toMatchObject({
      code: "router-port-taken",
    });
    other.close();
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200);
  });

  test("ends with all its machines, also those that it was not there to watch", async () => {
    const view = await allRunning();
    process.kill(view.pid, "SIGKILL");
    await stopHost(folder);
    expect(await observeHost(folder)).toBeUndefined();
    const pids = [view.pid, ...view.machines.flatMap(({ pid }) => pid ?? [])];
    expect(pids.filter(identify)).toEqual([]);
    await stopHost(folder);
  });
});

test("a daemon of another edition makes way", async () => {
  const other = join(place.path, "another-edition");
  await mkdir(other);
  await writeFile(join(other, "token"), "token");
  let asked = "";
  const old = createServer((message, response) => {
    asked += message.url;
    response.end(JSON.stringify({ protocol: 0, pid: 1, machines: [], routes: [] }));
    if (message.url?.startsWith("/shutdown")) old.close();
  }).listen(controlSocket(other));
  const client = await ensureHost(other);
  expect(asked).toContain("/shutdown");
  expect((await client.view()).pid).not.toBe(1);
  await stopHost(other);
});

async function allRunning(): Promise<HostView> {
  for (const { spec } of (await host.view()).machines) await host.start(spec.id);
  return allHealthy();
}
