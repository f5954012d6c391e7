// `npm run bench -- NAME [options]` runs bench/NAME.ts; without a name it lists what can be measured.
import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { inReadyCheckout, root } from "./setup/checkout.mjs";

const folder = join(root, "bench");
const [name, ...rest] = process.argv.slice(2);

await inReadyCheckout(() => {
  const names = existsSync(folder)
    ? readdirSync(folder).flatMap((file) => (file.endsWith(".ts") ? [file.slice(0, -3)] : []))
    : [];
  if (names.includes(name)) return run();
  process.stderr.write(`usage: npm run bench -- NAME\nNAME is one of: ${names.join(", ") || "none yet"}\n`);
  process.exitCode = 2;
});

function run() {
  const require = createRequire(import.meta.url);
  const file = join(folder, `${name}.ts`);
  require("../infra/support/typescript.cjs");
  process.argv = [process.argv[0], file, ...rest];
  require(file);
}
