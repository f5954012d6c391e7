import { copyFile, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { projectRoot } from "../infra/support";
import { CloudStack } from "../tests/harness/cloud-stack";
import { complaintOf, dnd } from "../tests/ops/dnd";
import { inPairs, tell, type Side } from "./shared/pairs";

// `preview` of the whole production stack with nothing changed, whole command, its vendors played on this machine, against
// a bare JavaScript program with as many resources. Wants versitygw on PATH: `npm test` puts it there, behind node_modules.

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    engine: { type: "string", default: "embedded" },
  },
});

async function main(): Promise<void> {
  const engine = values.engine === "pulumi" ? "pulumi" : "embedded";
  const stack = await CloudStack.open({ environment: "production", engine });
  try {
    stack.push("v1");
    await stack.want({
      app: { image: stack.imageOf("v1"), env: { NEXTAUTH_URL: stack.url } },
      release: { promotion: { required: false }, proof: { wanted: false } },
    });
    await well(stack.dnd("up", "--yes"));
    const count = await resourcesOf(stack);
    const bare = await bareProgram(stack, count);
    const unchanged = ["--expect-no-changes"];
    const a: Side = {
      name: `production with ${count} resources, nothing changed`,
      run: () => well(stack.dnd("preview", ...unchanged)),
    };
    const b: Side = {
      name: `bare program with ${count} resources`,
      run: () => well(dnd(["preview", ...bare, ...unchanged], stack.env)),
    };
    tell(a, b, await inPairs(a, b, Number(values.rounds)), "at most 1.5");
  } finally {
    await stack.close();
  }
}

/** As many as a preview looks at, the stack itself left out. */
async function resourcesOf(stack: CloudStack): Promise<number> {
  const { stdout } = await stack.dnd("preview", "--json");
  const { steps } = JSON.parse(stdout) as { steps: { type: string }[] };
  return steps.filter(({ type }) => type !== "pulumi:pulumi:Stack" && !type.startsWith("pulumi:providers:"))
    .length;
}

async function bareProgram(stack: CloudStack, count: number): Promise<string[]> {
  const folder = join(stack.folder, "bare");
  await mkdir(folder);
  const head = "name: bare\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n";
  await writeFile(join(folder, "Pulumi.yaml"), head);
  await writeFile(join(folder, "package.json"), '{ "name": "bare", "main": "index.js" }\n');
  await copyFile(join(__dirname, "plain.cjs"), join(folder, "plain.cjs"));
  const program = `const { Plain } = require("./plain.cjs");
for (let n = 0; n < ${count}; n++) new Plain("r" + n, { value: String(n) });
`;
  await writeFile(join(folder, "index.js"), program);
  await symlink(join(projectRoot, "node_modules"), join(folder, "node_modules"));
  const place = ["--stack", "bare", "--cwd", folder, "--engine", stack.engine];
  await well(dnd(["up", "--yes", ...place], stack.env));
  return place;
}

async function well(run: ReturnType<typeof dnd>): Promise<void> {
  const complaint = complaintOf(await run);
  if (complaint !== "") throw new Error(complaint);
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
