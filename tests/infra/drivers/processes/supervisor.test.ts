import { existsSync } from "node:fs";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  Routes,
  Supervisor,
  exitInWords,
  type MachineSpec,
  type MachineView,
} from "../../../../infra/drivers/processes";
import { identify } from "../../../../infra/drivers/processes/process-identity";
import { waitFor } from "../../../../infra/support";
import { machineOf, server, testFolder } from "./machine-spec";

let folder: Awaited<ReturnType<typeof testFolder>>;
let supervisor: Supervisor;
beforeEach(async () => {
  folder = await testFolder();
  supervisor = new Supervisor(join(folder.path, "machines"));
});
afterEach(async () => {
  await supervisor.removeAll();
  await folder.remove();
});

async function started(
  id: string,
  program: string,
  more: Partial<MachineSpec> = {},
  env = {},
): Promise<MachineSpec> {
  const spec = await machineOf(folder.path, id, program, more);
  supervisor.create(spec, env, { cordoned: false });
  await supervisor.start(id);
  return spec;
}

function until(id: string, what: string, holds: (machine: MachineView) => boolean): Promise<MachineView> {
  const look = () => (holds(supervisor.machine(id)) ? supervisor.machine(id) : undefined);
  return waitFor(look, { what, timeoutMs: 8000, intervalMs: 10 });
}
const healthy = (id: string) =>
  until(id, "health", ({ state, health }) => state === "started" && health.status === "passing");

describe("a supervisor", () => {
  test("starts a machine with its own environment and port, and lets nothing else of ours in", async () => {
    process.env.NOT_FOR_MACHINES = "secret";
    await started("one", `console.log(JSON.stringify(process.env)); ${server}`, {}, { GIVEN: "yes" });
    const { log, port } = await healthy("one");
    delete process.env.NOT_FOR_MACHINES;
    const env = JSON.parse(await readFile(log, "utf8")) as Record<string, string>;
    expect(env).toMatchObject({ GIVEN: "yes", PORT: String(port), MACHINE_ID: "one" });
    expect(env.NOT_FOR_MACHINES).toBeUndefined();
  });

  test("keeps secrets in a file that is this user's alone, and out of the record", async () => {
    await started("one", server, {}, { SECRET: "dragon" });
    const kept = join(supervisor.folder, "one");
    expect((await stat(join(kept, "env.json"))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(kept, "machine.json"), "utf8")).not.toContain("dragon");
  });

  test("starts a machine that ended again, and knows how it ended", async () => {
    await started("one", server);
    const { pid } = await healthy("one");
    process.kill(pid ?? -1, "SIGSEGV");
    const again = await until("one", "another process", (one) => one.pid !== null && one.pid !== pid);
    expect(again.exit).toMatchObject({ signal: "SIGSEGV", code: null, asked: false, oom: false });
    await healthy("one");
  });

  test("does not try a machine again that was never well, unless its policy says so", async () => {
    await started("never", `process.exit(3)`);
    const never = await until("never", "failure", ({ state }) => state === "failed");
    expect(never).toMatchObject({ restarts: 0, exit: { code: 3, asked: false } });
    const restart = {
      policy: "on-failure",
      maxRetries: 2,
      firstDelayMs: 10,
      maxDelayMs: 10,
      provenOnly: false,
    } as const;
    await started("often", `process.exit(3)`, { restart });
    expect(await until("often", "failure", ({ state }) => state === "failed")).toMatchObject({ restarts: 2 });
    await started("ready", `process.exit(0)`, { restart });
    expect(await until("ready", "its end", ({ state }) => state === "stopped")).toMatchObject({
      exit: { code: 0 },
    });
  });

  test("tells a machine that ran out of memory from one that crashed", async () => {
    const program = `const kept = []; for (;;) kept.push(new Array(1e5).fill(kept.length));`;
    const spec = await machineOf(folder.path, "greedy", program);
    const [node = "", file = ""] = spec.command;
    supervisor.create({ ...spec, command: [node, "--max-old-space-size=20", file] }, {}, { cordoned: false });
    await supervisor.start("greedy");
    const { exit } = await until("greedy", "failure", ({ state }) => state === "failed");
    expect(exit).toMatchObject({ oom: true });
    expect(exit && exitInWords(exit)).toContain("out of memory");
  });

  test("takes a machine out whose check fails, and back in when it passes", async () => {
    const program = server.replace(
      "setTimeout",
      `if (require("node:fs").existsSync("ill")) response.statusCode = 500;\nsetTimeout`,
    );
    await started("one", program);
    await healthy("one");
    await writeFile(join(folder.path, "ill"), "");
    await until("one", "critical health", ({ health }) => health.status === "critical");
    expect(supervisor.ready("web")).toEqual([]);
    await (await import("node:fs/promises")).rm(join(folder.path, "ill"));
    await healthy("one");
    expect(supervisor.ready("web")).toHaveLength(1);
  });

  test("asks a machine to stop, and cuts it at the deadline", async () => {
    await started("polite", server);
    await healthy("polite");
    await supervisor.stop("polite");
    expect(supervisor.machine("polite")).toMatchObject({
      state: "stopped",
      pid: null,
      exit: { code: 0, asked: true },
    });
    await started("deaf", `process.on("SIGTERM", () => {}); ${server.replace("process.on", "void")}`, {
      stop: { signal: "SIGTERM", timeoutMs: 100 },
    });
    await healthy("deaf");
    await supervisor.stop("deaf");
    expect(supervisor.machine("deaf")).toMatchObject({
      state: "stopped",
      exit: { signal: "SIGKILL", asked: true },
    });
  });

  test("ends what a machine left behind in its group", async () => {
    const program = `const { spawn } = require("node:child_process");
      console.log(spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]).pid); ${server}`;
    await started("parent", program);
    const { log } = await healthy("parent");
    const child = Number(await readFile(log, "utf8"));
    await supervisor.stop("parent");
    await waitFor(() => (identify(child) ? undefined : true), {
      what: "the child to end",
      timeoutMs: 3000,
    });
  });

  test("takes over the machines of a supervisor that is gone: those that run as they are, the others started", async () => {
    await started("runs", server);
    await started("dies", server);
    const [runs, dies] = [await healthy("runs"), await healthy("dies")];
    await supervisor.leave();
    process.kill(dies.pid ?? -1, "SIGKILL");
    supervisor = new Supervisor(supervisor.folder);
    await supervisor.adopt();
    expect(supervisor.machine("runs")).toMatchObject({ pid: runs.pid, port: runs.port, state: "started" });
    expect((await healthy("dies")).pid).not.toBe(dies.pid);
    process.kill(runs.pid ?? -1, "SIGKILL");
    await until("runs", "another process", (one) => one.pid !== null && one.pid !== runs.pid);
  });

  test("never takes a stranger for its machine that got the same process number", async () => {
    await started("one", server);
    const { pid } = await healthy("one");
    await supervisor.leave();
    process.kill(pid ?? -1, "SIGKILL");
    const path = join(supervisor.folder, "one", "machine.json");
    const record = JSON.parse(await readFile(path, "utf8")) as { process: { pid: number } };
    record.process.pid = process.pid;
    await writeFile(path, JSON.stringify(record));
    supervisor = new Supervisor(supervisor.folder);
    await supervisor.adopt();
    expect((await healthy("one")).pid).not.toBe(process.pid);
    await supervisor.stop("one");
  });

  test("puts a record aside that cannot be read, and serves on with the others", async () => {
    await started("good", server);
    await started("torn", server);
    await Promise.all([healthy("good"), healthy("torn")]);
    await supervisor.stop("torn");
    await supervisor.leave();
    await writeFile(join(supervisor.folder, "torn", "machine.json"), `{"version":1,"spe`);
    supervisor = new Supervisor(supervisor.folder);
    await supervisor.adopt();
    expect(supervisor.list().map(({ spec }) => spec.id)).toEqual(["good"]);
    expect(existsSync(join(supervisor.folder, "torn", "machine.unreadable.json"))).toBe(true);
  });

  test("lets machines sleep that nobody asks, and wakes one for the next request", async () => {
    const routes = new Routes(supervisor);
    await routes.open({ group: "web", host: "127.0.0.1", port: 0 });
    const port = routes.list()[0]?.port ?? 0;
    await started("sleeper", server, { autostop: { idleMs: 300, minRunning: 0 } });
    await until("sleeper", "sleep", ({ state }) => state === "stopped");
    const answers = await Promise.all(
      [1, 2, 3].map(async () => (await fetch(`http://127.0.0.1:${port}/`)).status),
    );
    await routes.closeAll();
    expect(answers).toEqual([200, 200, 200]);
  });
});
