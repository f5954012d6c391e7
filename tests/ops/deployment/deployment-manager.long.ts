import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { projectRoot } from "../../../infra/support";
import { LocalStack } from "../../harness/local-stack";
import { dnd } from "../dnd";

const run = promisify(execFile);
let stack: LocalStack;

beforeAll(async () => {
  stack = await LocalStack.open();
});
afterAll(() => stack.close(), 120_000);

/** A program of somebody else's, in a process of its own: what it prints is what it got. */
async function program(body: string): Promise<Record<string, unknown>> {
  const source = `
    const { DeploymentManager } = require("dnd-tracker-deploy");
    const events = [];
    const make = (more) => {
      const manager = new DeploymentManager({ environment: "development", ...more }, { engine: "embedded" });
      manager.on("progress", (event) => events.push(event));
      return manager;
    };
    (async () => { ${body} })().then((answer) => {
      console.log(JSON.stringify({ ...answer, heard: [...new Set(events.map(({ kind }) => kind))].sort() }));
      process.exit(0);
    });`;
  const env = { ...process.env, DND_DIR: stack.folder, DND_ENGINE: "embedded" };
  const { stdout } = await run(process.execPath, ["-e", source], { cwd: projectRoot, env, timeout: 240_000 });
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}") as Record<string, unknown>;
}

describe("DeploymentManager, in somebody else's program", () => {
  test("looks without changing anything where that is all that is wanted", async () => {
    const answer = await program("return make({ dryRun: true }).deploy();");
    expect(answer).toMatchObject({ success: true, release: null, environment: "development" });
    await expect(fetch(stack.url)).rejects.toThrow();
  }, 300_000);

  test("deploys, and tells of each step while it does", async () => {
    const answer = await program("return make().deploy();");
    expect(answer).toMatchObject({ success: true, release: 1, deployment: { url: stack.url, machines: 2 } });
    expect(answer.heard).toEqual(expect.arrayContaining(["started", "done", "progress"]));
    expect((await fetch(`${stack.url}/api/health`)).status).toBe(200);
  }, 300_000);

  test("answers a rollback that cannot be with why, and does not throw", async () => {
    const answer = await program('return make().rollback({ type: "app" });');
    expect(answer).toMatchObject({ success: false, error: expect.stringContaining("no earlier release") });
  }, 120_000);

  test("validates, takes archives and verifies by itself", async () => {
    const answer = await program(`
      const manager = make();
      const validation = await manager.validatePreDeployment();
      const first = await manager.createBackup();
      const backup = await manager.createBackup();
      const verification = await manager.verifyDeployment();
      return { validation, first, backup, verification, another: first.backupId !== backup.backupId };`);
    expect(answer).toMatchObject({
      validation: { success: true, errors: [] },
      backup: { success: true, backupId: expect.any(String) },
      another: true,
      verification: { success: true },
    });
  }, 300_000);

  test("leaves no release in progress behind where only a part was asked for", async () => {
    await stack.configure({ app: { version: "9.9.9" } });
    const answer = await program("return make().runMigrations();");
    expect(answer).toMatchObject({ success: true });
    const { stdout } = await dnd(["release", "show", "latest", "--json"], { DND_DIR: stack.folder });
    expect(JSON.parse(stdout)).toMatchObject({
      state: "failed",
      error: "it ends here: nothing after the migrations was asked for",
    });
  }, 300_000);
});
