import { spawnSync } from "node:child_process";
import { describeUnless } from "../harness/tools";
import { waitFor } from "../../infra/support";
import { root } from "./dockerfile";

const project = `dnd-test-${process.pid}`;
const port = String(20_000 + (process.pid % 20_000));

function docker(...args: string[]) {
  const env = { ...process.env, PORT: port };
  return spawnSync("docker", args, { cwd: root, env, encoding: "utf8", timeout: 600_000 });
}

/** Why the stack cannot be started here, or undefined where it can. */
function obstacle(): string | undefined {
  const engine = docker("version", "--format", "{{.Server.Version}}");
  if (engine.error) return "there is no docker on PATH";
  if (engine.status !== 0) return `no Docker engine answers: ${engine.stderr.trim().split("\n").at(-1)}`;
  if (docker("compose", "version").status !== 0) return "docker has no compose plugin";
  return undefined;
}

const reason = obstacle();
// Where there is none, its files are tested by parsing.
describeUnless(reason)("the compose stack of development", () => {
  afterAll(() => {
    docker("compose", "-p", project, "down", "--volumes", "--rmi", "local");
  });

  test("builds, starts, keeps a party, and runs as somebody who is not root", async () => {
    const up = docker("compose", "-p", project, "up", "--build", "--wait", "--wait-timeout", "300");
    expect({ status: up.status, said: up.status === 0 ? "" : up.stderr }).toEqual({ status: 0, said: "" });
    const url = `http://127.0.0.1:${port}`;
    await waitFor(async () => ((await fetch(`${url}/api/health`)).ok ? true : undefined), {
      what: "the app",
      timeoutMs: 30_000,
    });
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ name: "Stormwind" });
    expect((await fetch(`${url}/api/parties`, { method: "POST", headers, body })).status).toBe(201);
    expect(docker("compose", "-p", project, "exec", "app", "id", "-u").stdout.trim()).toBe("1000");
  }, 900_000);
});
