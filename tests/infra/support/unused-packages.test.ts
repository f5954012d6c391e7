import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { projectRoot } from "../../../infra/support";

const loader = join(projectRoot, "infra", "support", "typescript.cjs");

function told(script: string): unknown {
  const run = spawnSync(process.execPath, ["--require", loader, "-e", script], {
    cwd: projectRoot,
    encoding: "utf8",
    timeout: 50_000,
  });
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout);
}

const loaded = `Object.keys(require.cache).filter((file) => /typescript[\\\\/]lib|arborist[\\\\/]lib/.test(file)).length`;

test("a program starts without the compiler and the reader of dependencies that Pulumi would load", () => {
  expect(told(`require("@pulumi/pulumi"); console.log(${loaded})`)).toBe(0);
});

test("who writes a function into a state is given them", () => {
  const script = `require("@pulumi/pulumi").runtime.serializeFunction(() => 41 + 1)
    .then(({ text }) => console.log(JSON.stringify({ text, loaded: ${loaded} })))`;
  const { text, loaded: files } = told(script) as { text: string; loaded: number };
  expect(text).toContain("41 + 1");
  expect(files).toBeGreaterThan(0);
});
