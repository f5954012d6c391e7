import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { freePort } from "../../infra/drivers/processes";
import { waitFor } from "../../infra/support";
import { copied, reachesBuild, readStages, root } from "./dockerfile";

const [build, app] = readStages("Dockerfile.monitor");
const instructions = build?.instructions ?? [];
let folder: string;
let monitor: ChildProcess | undefined;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dnd-monitor-image-"));
});
afterAll(() => {
  monitor?.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** What a COPY line names; of a pattern only what the ignore file lets through. */
function namedBy(source: string): string[] {
  const pattern = new RegExp(`^${source.replaceAll(".", "\\.").replaceAll("*", "[^/]*")}$`);
  const names = source.includes("*") ? readdirSync(root).filter((name) => pattern.test(name)) : [source];
  return names.filter((name) => reachesBuild(name, "Dockerfile.monitor.dockerignore"));
}

/** The packages that are no tools of development, as `npm ci --omit=dev` leaves them. */
function linkPackages(): void {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    packages: Record<string, { dev?: boolean }>;
  };
  for (const [path, { dev }] of Object.entries(packages)) {
    if (dev || !/^node_modules\/(@[^/]+\/)?[^/]+$/.test(path)) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    symlinkSync(join(root, path), join(folder, path));
  }
}

const env = { PATH: process.env.PATH ?? "", NODE_ENV: "production" };

test("an image of Dockerfile.monitor, made of its own files alone, monitors and translates nothing any more", async () => {
  const sources = copied(instructions).flatMap(namedBy);
  expect(sources).toEqual(
    expect.arrayContaining([
      "package.json",
      "infra",
      "ops",
      "components",
      "stacks",
      "Pulumi.production.yaml",
    ]),
  );
  for (const source of sources) cpSync(join(root, source), join(folder, source), { recursive: true });
  linkPackages();
  const [, , prepare = ""] = instructions.filter(({ name }) => name === "RUN").map(({ text }) => text);
  execFileSync("sh", ["-ec", prepare], { cwd: folder, env, stdio: "pipe" });
  rmSync(join(folder, "node_modules", "esbuild"));

  const port = await freePort();
  const command = [
    "ops/dnd.cjs",
    "monitor",
    "--port",
    String(port),
    "--interval",
    "1s",
    "--db",
    "monitor_image",
  ];
  const own = { DND_DIR: join(folder, "tmp"), MONGODB_URI: process.env.TEST_MONGODB_URI };
  monitor = spawn(process.execPath, command, { cwd: folder, env: { ...env, ...own }, stdio: "ignore" });
  const ended = once(monitor, "exit");
  const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
  const round = async () => {
    const page = await ask("/metrics").then(
      (answer) => answer.text(),
      () => "",
    );
    return /dnd_monitor_rounds_total [1-9]/.test(page) || undefined;
  };
  await waitFor(round, { what: "a round", timeoutMs: 120_000, intervalMs: 200 });
  for (const path of ["/health", "/deployments", "/status", "/deployments/assets/style.css"])
    expect([path, (await ask(path)).status]).toEqual([path, 200]);
  monitor.kill("SIGTERM");
  expect((await ended)[0]).toBe(0);
}, 300_000);

test("the image runs both as somebody who is not root, and holds no secret", () => {
  const of = (name: string) => app?.instructions.filter((one) => one.name === name).map(({ text }) => text);
  expect(of("USER")).toEqual(["1000:1000"]);
  for (const secret of [".env", ".dnd/passphrase", "node_modules/tsx", "Pulumi.yaml", "Pulumi.local.yaml"])
    expect([secret, reachesBuild(secret, "Dockerfile.monitor.dockerignore")]).toEqual([secret, false]);
});
