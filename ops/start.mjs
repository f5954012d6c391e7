// `npm start` and `npm stop`: needs nothing but Node and npm, and hands over to `dnd` once the dependencies are there.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { inReadyCheckout, root } from "./setup/checkout.mjs";

const [command = "start", ...rest] = process.argv.slice(2);
const localFolder = process.env.DND_DIR ?? join(root, ".dnd");

if (command === "stop" && !existsSync(localFolder)) {
  process.stderr.write("nothing to stop: there is no local stack in this checkout\n");
} else {
  await inReadyCheckout(() => {
    const dnd = join(root, "ops", "dnd.cjs");
    process.argv = [process.argv[0], dnd, command, ...rest];
    createRequire(import.meta.url)(dnd);
  });
}
