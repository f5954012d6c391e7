// `npm test` on a bare checkout: dependencies and a mongod first, then jest with whatever else was given.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { inReadyCheckout, root } from "./setup/checkout.mjs";
import { ensureTestTools } from "./setup/test-tools.mjs";

const suites = {
  "--long": { DND_TESTS: "long" },
  "--conformance": { DND_TESTS: "long", DND_CONFORMANCE: "compare" },
};
const given = process.argv.slice(2);
const suite = given[0] in suites ? given.shift() : undefined;
const paths = suite === "--conformance" ? ["tests/embedded/pulumi/conformance"] : [];

await inReadyCheckout(async () => {
  const env = { ...process.env, ...suites[suite], DND_MONGOD: process.env.DND_MONGOD ?? (await mongod()) };
  env.PATH = `${process.env.PATH ?? ""}${delimiter}${await testTools()}`;
  const node = ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"];
  const jest = join(root, "node_modules", "jest", "bin", "jest.js");
  const child = spawn(process.execPath, [...node, jest, ...paths, ...given], {
    cwd: root,
    env,
    stdio: "inherit",
  });
  // At a terminal jest hears a Ctrl-C itself; it only has to be waited for.
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  process.exitCode = await new Promise((resolve) => child.once("close", (code) => resolve(code ?? 130)));
});

/** Where the tests find, behind PATH, the servers and tools that no npm package holds. */
async function testTools() {
  const folder = ours("../infra/support/index.ts").cacheFolder("test-tools");
  await ensureTestTools(folder, (message) => process.stderr.write(`${message}\n`));
  return folder;
}

function ours(module) {
  const require = createRequire(import.meta.url);
  require("../infra/support/typescript.cjs");
  return require(module);
}

async function mongod() {
  const { ensureMongodBinary } = ours("../infra/drivers/mongod/index.ts");
  try {
    const { path } = await ensureMongodBinary((message) => process.stderr.write(`mongod: ${message}\n`));
    return path;
  } catch (error) {
    if (error.name !== "OperatorError") throw error;
    process.stderr.write(`error: ${error.message}\n`);
    process.exit(error.exitCode);
  }
}
