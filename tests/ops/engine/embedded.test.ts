import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../../infra/support";
import { dnd, startDnd } from "../dnd";

const program = `
const pulumi = require("@pulumi/pulumi");
const provider = 'exports.handler=()=>require(require("path").resolve("plain.js"))';
class Plain extends pulumi.CustomResource {
  constructor(name, props) { super("pulumi-nodejs:dynamic/bare:Plain", name, { ...props, __provider: provider }); }
}
new Plain("one", { value: "one", slow: process.env.SLOW === "yes", token: pulumi.secret("canary") });
exports.token = pulumi.secret("canary");
exports.plain = "seen";
`;
const lifecycle = `
const fs = require("node:fs");
const interrupted = () => fs.existsSync(process.env.DND_INTERRUPT_FILE);
module.exports = {
  check: async (olds, news) => ({ inputs: news }),
  diff: async (id, olds, news) => ({ changes: olds.value !== news.value }),
  create: async (inputs) => {
    while (inputs.slow && !interrupted()) await new Promise((go) => setTimeout(go, 50));
    if (inputs.slow) throw new Error("stopped as asked");
    return { id: inputs.value, outs: inputs };
  },
  delete: async () => {},
};
`;

let folder: string;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dnd-embedded-"));
  await writeFile(
    join(folder, "Pulumi.yaml"),
    "name: bare\nruntime: { name: nodejs, options: { typescript: false } }\n",
  );
  await writeFile(join(folder, "package.json"), '{ "name": "bare", "main": "index.js" }');
  await writeFile(join(folder, "index.js"), program);
  await writeFile(join(folder, "plain.js"), lifecycle);
  await symlink(join(projectRoot, "node_modules"), join(folder, "node_modules"));
  await mkdir(join(folder, "bin"));
  await symlink(process.execPath, join(folder, "bin", "node"));
  // A machine without Pulumi's CLI, where `auto` takes the embedded engine.
  env = { DND_DIR: join(folder, "dnd"), PATH: join(folder, "bin"), PULUMI_HOME: join(folder, "pulumi") };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const here = () => ["--cwd", folder];

test("without Pulumi's CLI one line says that the embedded engine runs the program, and it does", async () => {
  const { code, stderr, stdout } = await dnd(["up", ...here()], env);
  expect(code).toBe(0);
  expect(stderr.trim().split("\n")).toEqual([
    expect.stringContaining("the embedded engine runs the same program"),
  ]);
  expect(stdout).toContain("created");
  expect(stdout).not.toContain("canary");
});

test("again nothing changes, and the document has the shape of Pulumi's own", async () => {
  const { code, stdout } = await dnd(["up", "--json", "--expect-no-changes", ...here()], env);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    operation: "up",
    engine: "embedded",
    result: "succeeded",
    outputs: { token: "[secret]", plain: "seen" },
  });
  expect(stdout).not.toContain("canary");
});

test("outputs are blinded unless the secrets are asked for, and history knows both runs", async () => {
  expect(JSON.parse((await dnd(["outputs", "--json", ...here()], env)).stdout)).toEqual({
    token: "[secret]",
    plain: "seen",
  });
  const shown = await dnd(["outputs", "--json", "--show-secrets", ...here()], env);
  expect(JSON.parse(shown.stdout)).toEqual({ token: "canary", plain: "seen" });
  const history = JSON.parse((await dnd(["history", "--json", ...here()], env)).stdout) as {
    result: string;
  }[];
  expect(history.map(({ result }) => result)).toEqual(["succeeded", "succeeded"]);
});

test("Ctrl-C reaches a working provider through the file it watches; the stack is free afterwards", async () => {
  const up = startDnd(["up", "--stack", "slow", "--yes", ...here()], { ...env, SLOW: "yes" });
  while (!up.soFar.stdout.includes("one creating")) await new Promise((go) => setTimeout(go, 20));
  up.kill("SIGINT");
  const { code, stderr, stdout } = await up.ended;
  expect(code).toBe(130);
  expect(stderr).toContain("stopping at the next safe point");
  expect(stdout).toContain("stopped as asked");
  expect((await dnd(["cancel", "--stack", "slow", ...here()], env)).stdout).toContain("there was no lock");
});

test("a backend that is no folder is refused, naming the CLI", async () => {
  const { code, stderr } = await dnd(["preview", "--stack", "staging"], {
    ...env,
    PULUMI_BACKEND_URL: "s3://states",
  });
  expect(code).toBe(2);
  expect(stderr).toContain("Install the Pulumi CLI");
});
