import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../infra/drivers/processes";
import { waitFor } from "../../infra/support";
import { copied, reachesBuild, readStages, root } from "./dockerfile";

const stages = readStages();
const [build, app] = stages;
const of = (name: string) =>
  app?.instructions.filter((one) => one.name === name).map(({ text }) => text) ?? [];

describe("the image", () => {
  test("is built in one stage and runs in another, both from one pinned version", () => {
    expect(stages.map(({ name }) => name)).toEqual(["build", "app"]);
    expect(new Set(stages.map(({ base }) => base)).size).toBe(1);
    expect(build?.base).toMatch(/^node:\d+\.\d+\.\d+-alpine\d+\.\d+$/);
    expect(of("COPY")).toEqual([
      "--from=build /out/ ./",
      "--from=build /src/infra/engines/monitoring/pages/assets assets",
    ]);
  });

  test("runs as somebody who is not root, by number", () => {
    expect(of("USER")).toEqual(["1000:1000"]);
    const after =
      app?.instructions.slice(app.instructions.findIndex(({ name }) => name === "USER") + 1) ?? [];
    expect(after.map(({ name }) => name)).toEqual(["EXPOSE", "HEALTHCHECK", "CMD"]);
  });

  test("stops on SIGTERM itself: no shell stands before the app", () => {
    expect(JSON.parse(of("CMD")[0] ?? "")).toEqual(["node", "--enable-source-maps", "server.js"]);
  });

  test("holds no secret and names only variables that the app reads", () => {
    const settings = readFileSync(join(root, "app", "settings.ts"), "utf8");
    const names = [
      ...of("ENV")
        .join(" ")
        .matchAll(/([A-Z_]+)=/g),
    ].map(([, name]) => name);
    expect(names).toEqual(["NODE_ENV", "HOST", "PORT", "APP_VERSION", "GIT_SHA", "MAINTENANCE_MODE"]);
    for (const name of names) expect(settings).toContain(`${name}: `);
  });

  test("gets all the sources of the app and nothing else of the checkout", () => {
    const sources = copied(build?.instructions ?? []);
    for (const source of sources)
      expect({ source, reaches: reachesBuild(source) }).toEqual({ source, reaches: true });
    for (const secret of [
      ".env",
      ".git/config",
      ".dnd/passphrase",
      "node_modules/tsx",
      "Pulumi.yaml",
      "infra/engines/backup/index.ts",
    ]) {
      expect({ secret, reaches: reachesBuild(secret) }).toEqual({ secret, reaches: false });
    }
  });

  test("is installed from the lock file, without scripts, with the bundler", () => {
    const install = build?.instructions.find(({ name }) => name === "RUN")?.text ?? "";
    expect(install).toMatch(/npm ci --omit=dev --ignore-scripts/);
    const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
      packages: Record<string, { dev?: boolean }>;
    };
    expect(lock.packages["node_modules/esbuild"]).toBeDefined();
    expect(lock.packages["node_modules/esbuild"]?.dev).toBeUndefined();
  });

  test("builds out of what it is given, starts small, and passes its own health check", async () => {
    const folder = mkdtempSync(join(tmpdir(), "dnd-image-"));
    try {
      for (const source of copied(build?.instructions ?? [])) {
        cpSync(join(root, source), join(folder, source), { recursive: true });
      }
      symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
      const bundle = build?.instructions.filter(({ name }) => name === "RUN")[1]?.text ?? "";
      execFileSync("sh", ["-ec", bundle.replace("/out/", "out/")], { cwd: folder, stdio: "pipe" });
      expect(readdirSync(join(folder, "out")).sort()).toEqual(["server.js", "server.js.map"]);
      expect(statSync(join(folder, "out", "server.js")).size).toBeLessThan(4_000_000);
      for (const [, from = "", to = ""] of of("COPY").map(
        (text) => /^\S+ \/src\/(\S+) (\S+)$/.exec(text) ?? [],
      )) {
        if (from) cpSync(join(folder, from), join(folder, "out", to), { recursive: true });
      }
      await startAndCheck(join(folder, "out"));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 120_000);
});

async function startAndCheck(cwd: string): Promise<void> {
  const port = await freePort();
  const env = { PATH: process.env.PATH, PORT: String(port), MONGODB_URI: "mongodb://127.0.0.1:9/" };
  const [command, ...args] = JSON.parse(of("CMD")[0] ?? "") as [string, ...string[]];
  const child = spawn(command, args, { cwd, env, stdio: "ignore" });
  const exited = once(child, "exit");
  const [probe, ...probeArgs] = JSON.parse(of("HEALTHCHECK")[0]?.split(" CMD ")[1] ?? "") as [
    string,
    ...string[],
  ];
  const check = async () => {
    const [code] = (await once(spawn(probe, probeArgs, { env, stdio: "ignore" }), "exit")) as [number];
    return code;
  };
  try {
    const healthy = await waitFor(async () => ((await check()) === 0 ? true : undefined), {
      what: "the health check",
      timeoutMs: 60_000,
    });
    expect(healthy).toBe(true);
  } finally {
    child.kill("SIGTERM");
  }
  expect((await exited)[0]).toBe(0);
  expect(await check()).toBe(1);
}
