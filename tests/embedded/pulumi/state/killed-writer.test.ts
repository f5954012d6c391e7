import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { RecordedStacks } from "./recorded-stacks";

const stateModule = require.resolve("../../../../embedded/pulumi/state");
const supportModule = require.resolve("../../../../infra/support");

/** Writes the state over and over, each time with one more count in it, and tells each that is in the file. */
const writer = (stacks: RecordedStacks) => `
  require(${JSON.stringify(require.resolve("../../../../infra/support/typescript.cjs"))});
  const { openStack, readProject } = require(${JSON.stringify(stateModule)});
  const { Secret } = require(${JSON.stringify(supportModule)});
  (async () => {
    const stack = await openStack({ project: readProject(${JSON.stringify(stacks.projectFolder)}), stack: "dev",
      backendUrl: ${JSON.stringify(stacks.backendUrl)}, passphrase: new Secret("a passphrase for tests") });
    const [root, ...rest] = stack.snapshot.resources;
    for (let count = 1; ; count++) {
      const outputs = { count, padding: "x".repeat(300000) };
      await stack.writer.write({ resources: [{ ...root, outputs }, ...rest], pendingOperations: [] });
      process.stdout.write(count + "\\n");
    }
  })();`;

it("a writer killed at any moment leaves a whole state, at least as new as the last one it told of", async () => {
  for (const afterMs of [1, 8, 21, 60]) {
    const stacks = new RecordedStacks();
    try {
      const child = spawn(process.execPath, ["-e", writer(stacks)], { stdio: ["ignore", "pipe", "inherit"] });
      let told = "";
      child.stdout.on("data", (text: Buffer) => (told += text.toString()));
      await once(child.stdout, "data");
      await sleep(afterMs);
      child.kill("SIGKILL");
      await once(child, "close");
      const last = Number(told.trimEnd().split("\n").at(-1));
      const stack = await stacks.open("dev");
      expect(stack.snapshot.resources[0]?.outputs.count).toBeGreaterThanOrEqual(last);
    } finally {
      stacks.remove();
    }
  }
});
