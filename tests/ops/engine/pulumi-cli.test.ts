import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dnd, startDnd } from "../dnd";
import { fakePulumi } from "../fake-pulumi";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dnd-cli-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const dndDir = () => join(folder, "dnd");
const works = "log(eventLog); console.log('Updating (local)');";

async function withPulumi(behaviour: string, version?: string) {
  const pulumi = await fakePulumi(folder, behaviour, version);
  const env = { PATH: pulumi.path, DND_DIR: dndDir() };
  return { pulumi, env, run: (...args: string[]) => dnd(args, env) };
}

test("`up` gives Pulumi the local state, passphrase and settings, and every option of the operation", async () => {
  const { pulumi, run } = await withPulumi(works);
  const up = await run(
    "up",
    "--target",
    "a",
    "--target",
    "b",
    "--replace",
    "c",
    "--parallel",
    "3",
    "--diff",
    "-m",
    "why",
    "--policy-pack",
    "p",
    "--expect-no-changes",
  );
  expect(up).toMatchObject({ code: 0, stdout: "Updating (local)\n", stderr: "" });
  const call = (await pulumi.calls()).find(({ args }) => args[0] === "up");
  expect(call?.args.join(" ")).toMatch(
    /^up --stack local --non-interactive --event-log \S+ --yes --skip-preview --color never --config-file \S+Pulumi.local.yaml --target a --target b --replace c --policy-pack p --parallel 3 --diff --expect-no-changes --message why$/,
  );
  expect(call?.env).toMatchObject({
    PULUMI_BACKEND_URL: `file://${dndDir()}/state`,
    PULUMI_CONFIG_PASSPHRASE_FILE: join(dndDir(), "passphrase"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
  });
  expect(call?.env.DND_INTERRUPT_FILE).toMatch(/stop$/);
});

test("`--json` is one document on standard output, Pulumi's text goes to standard error, and no secret is in either", async () => {
  const { run } = await withPulumi(works);
  const { stdout, stderr, code } = await run("preview", "--json");
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    operation: "preview",
    stack: "local",
    engine: "pulumi 3.260.0",
    result: "succeeded",
    changeSummary: { create: 1, same: 1 },
    steps: [{ op: "create", newState: { outputs: { password: "[secret]" } } }, { op: "same" }],
    diagnostics: [],
    outputs: { url: "http://127.0.0.1:3000", databaseUri: "[secret]" },
  });
  expect(stderr).toBe("Updating (local)\n");
  expect(stdout).not.toContain("canary");
});

test("a failed operation ends with 1, and its document says which resource and why", async () => {
  const { run } = await withPulumi("log(failingLog); process.exit(1);");
  const { stdout, code } = await run("up", "--json");
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    result: "failed",
    steps: [{ op: "create", failed: true }],
    diagnostics: [{ severity: "error", message: "never became healthy" }],
  });
});

test("a stack that someone else holds ends with 4 and Pulumi's own words", async () => {
  const held = "error: the stack is currently locked by 1 lock(s). created by ann@host (pid 7)";
  const { run } = await withPulumi(`console.error(${JSON.stringify(held)}); process.exit(255);`);
  const { stdout, stderr, code } = await run("up", "--json");
  expect(code).toBe(4);
  expect(JSON.parse(stdout)).toMatchObject({
    error: { code: "stack-locked", message: expect.stringContaining("ann@host") as string },
  });
  expect(stderr).toContain("dnd cancel");
});

test("Ctrl-C tells providers and Pulumi to stop, once, and ends with 130", async () => {
  const waits = `
    process.on("SIGINT", () => {
      console.log("interrupts seen, file there: " + fs.existsSync(process.env.DND_INTERRUPT_FILE));
      setTimeout(() => process.exit(1), 200);
    });
    console.log("working");
    setInterval(() => {}, 1000);`;
  const { env } = await withPulumi(waits);
  const up = startDnd(["up"], env);
  while (!up.soFar.stdout.includes("working")) await new Promise((go) => setTimeout(go, 20));
  up.kill("SIGINT");
  const { code, stdout, stderr } = await up.ended;
  expect(code).toBe(130);
  expect(stderr).toContain("stopping at the next safe point");
  expect(stdout.match(/file there: true/g)).toHaveLength(1);
});

test("a second Ctrl-C kills what does not stop", async () => {
  const { env } = await withPulumi(
    'process.on("SIGINT", () => {}); console.log("working"); setInterval(() => {}, 1000);',
  );
  const up = startDnd(["up"], env);
  while (!up.soFar.stdout.includes("working")) await new Promise((go) => setTimeout(go, 20));
  up.kill("SIGINT");
  while (!up.soFar.stderr.includes("once more kills")) await new Promise((go) => setTimeout(go, 20));
  up.kill("SIGINT");
  expect(await up.ended).toMatchObject({ code: 130, stderr: expect.stringContaining("killed") as string });
});

test("a pulumi that is too old or does not answer is told in one line by name, and refused when asked for", async () => {
  const old = await withPulumi(works, "v3.150.0");
  const asked = await old.run("up", "--engine", "pulumi");
  expect(asked).toMatchObject({ code: 2 });
  expect(asked.stderr).toContain("3.150.0, older than 3.200.0");
});

test("outputs and history come from Pulumi's own documents", async () => {
  const { run } = await withPulumi(`
    if (args[1] === "output") console.log('{"url":"http://x","release":{"number":3}}');
    if (args[1] === "history") console.log('[{"kind":"update","startTime":"2026-11-01T10:00:00.000Z","endTime":"2026-11-01T10:00:09.000Z","message":"why","result":"succeeded","resourceChanges":{"create":2}}]');`);
  expect(JSON.parse((await run("outputs", "--json")).stdout)).toEqual({
    url: "http://x",
    release: { number: 3 },
  });
  expect((await run("outputs")).stdout).toContain('release  {"number":3}');
  expect((await run("history")).stdout).toContain("update  succeeded  9.0s  create 2  why");
});
