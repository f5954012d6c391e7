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

test("the runner of a policy pack learns which compiler there is without loading it", () => {
  const script = `const { typeScriptRequireStrings } = require("@pulumi/pulumi/tsutils");
    typeScriptRequireStrings(); console.log(${loaded})`;
  expect(told(script)).toBe(0);
});

test("who wants traces of a program has them", () => {
  const script = `const tracing = require("@pulumi/pulumi/cmd/run/tracing");
    const before = tracing.newSpan("before").isRecording();
    tracing.start("http://127.0.0.1:9/api/v2/spans");
    const after = tracing.newSpan("after").isRecording();
    console.log(JSON.stringify({ before, after }));
    process.exit()`;
  expect(told(script)).toEqual({ before: false, after: true });
});

test("the automation interface is there for whoever looks into it", () => {
  const script = `console.log(JSON.stringify(typeof require("@pulumi/pulumi").automation.LocalWorkspace.create))`;
  expect(told(script)).toBe("function");
});
