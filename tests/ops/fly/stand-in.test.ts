import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../../infra/support";
import { freePort } from "../../../infra/drivers/processes";
import { openFlyApi } from "../../../infra/drivers/fly-api";
import { Secret, waitFor } from "../../../infra/support";
import { dnd, startDnd } from "../dnd";

test("`dnd fly stand-in` serves machines that answer, and ends them with itself", async () => {
  const folder = await mkdtemp(join(tmpdir(), "dnd-fly-command-"));
  await writeFile(
    join(folder, "server.js"),
    "require('node:http').createServer((_, r) => r.writeHead(200, { greeting: process.env.GREETING }).end(String(process.pid))).listen(process.env.PORT, '127.0.0.1')",
  );
  const image = `web:v1=${process.execPath} server.js`;
  const port = await freePort();
  const args = [
    join(projectRoot, "ops", "dnd.cjs"),
    "fly",
    "stand-in",
    "--port",
    "0",
    "--image",
    image,
    ...["--env", "GREETING=hail", "--app-port", `web=${port}`],
    "--json",
  ];
  const running = spawn(process.execPath, args, { cwd: folder, env: { ...process.env, DND_DIR: folder } });
  try {
    let text = "";
    running.stdout.on("data", (part: Buffer) => (text += part.toString()));
    const isTold = () => (text.includes("}") ? (JSON.parse(text) as { url: string }) : undefined);
    const { url } = await waitFor(isTold, { what: "the stand-in's address", timeoutMs: 20_000 });
    const api = openFlyApi({ token: new Secret("any"), baseUrl: url });
    await api.apps.create({ name: "web", org_slug: "guild" });
    const services = [{ internal_port: 8080, ports: [{ port: 80 }] }];
    const { id } = await api.machines.create("web", { config: { image: "web:v1", services } });
    await api.machines.wait("web", id, { states: ["started"], timeoutMs: 10_000 });
    const app = (await (await fetch(`${url}/stand-in/apps/web`)).json()) as { url: string };
    expect(app.url).toBe(`http://127.0.0.1:${port}`);
    const answers = async () => {
      const answer = await fetch(app.url);
      expect(answer.headers.get("greeting")).toBe(answer.ok ? "hail" : null);
      return answer.ok ? Number(await answer.text()) : undefined;
    };
    const pid = await waitFor(answers, { what: "an answer", timeoutMs: 10_000 });

    const order = { method: "POST", body: JSON.stringify({ harm: { kind: "status", status: 503 } }) };
    expect((await fetch(`${url}/stand-in/faults`, order)).status).toBe(204);
    await expect(api.machines.restart("web", id)).rejects.toMatchObject({ code: "fly-unknown-outcome" });

    running.kill("SIGINT");
    expect(await once(running, "exit")).toEqual([0, null]);
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  } finally {
    running.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  }
});

test("`dnd fly` wants to know what, and what an image runs", async () => {
  expect(await dnd(["fly"])).toMatchObject({ code: 2 });
  expect(await dnd(["fly", "stand-in", "--port", "x"])).toMatchObject({ code: 2 });
  const unclear = await dnd(["fly", "stand-in", "--image", "web:v1"]);
  expect(unclear).toMatchObject({ code: 2 });
  expect(unclear.stderr).toContain("NAME=COMMAND");
  const port = await dnd(["fly", "stand-in", "--image", "web:v1=true", "--app-port", "web=http"]);
  expect(port).toMatchObject({ code: 2 });
  expect(port.stderr).toContain("a port from 1 to 65535");
});

test("`dnd fly stand-in` says at its start what the reference app needs", async () => {
  const running = startDnd(["fly", "stand-in", "--port", "0"]);
  const told = () => (running.soFar.stdout.includes("until Ctrl-C") ? running.soFar.stderr : undefined);
  try {
    const said = await waitFor(told, { what: "the stand-in's address", timeoutMs: 30_000 });
    expect(said).toContain("the reference app, which needs MONGODB_URI");
  } finally {
    running.kill("SIGINT");
    await running.ended;
  }
}, 40_000);
