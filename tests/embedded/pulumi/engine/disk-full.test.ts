import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { projectRoot } from "../../../../infra/support";
import { TestStack } from "./test-stack";

const modules = (name: string) => JSON.stringify(join(projectRoot, name));

/** An `up` in a process that may write no file beyond 20 kB, as if the disk were full then. */
const upInAProcess = (stack: TestStack) => `
  process.on("SIGXFSZ", () => undefined);
  const { up } = require(${modules("embedded/pulumi")});
  const { Secret } = require(${modules("infra/support")});
  const errors = [];
  up({ ...${JSON.stringify(stack.address)}, passphrase: new Secret("bad days"), onEvent: (event) => {
    if (event.kind === "diagnostic" && event.severity === "error") errors.push(event.message);
  } }).then(({ outcome }) => console.log(JSON.stringify({ outcome, errors })), (error) => console.log(JSON.stringify({ thrown: error.code, errors })));`;

it("a disk that is full ends an up with a clear word, and the state of before is whole", async () => {
  const stack = await TestStack.open();
  try {
    await stack.run("up", `new Dyn("a");`);
    await stack.writeProgram(`new Dyn("a"); new Dyn("big", { value: "x".repeat(100_000) });`);
    const loader = join(projectRoot, "infra", "support", "typescript.cjs");
    const command = [process.execPath, "--require", loader, "-e", upInAProcess(stack)];
    const { stdout } = spawnSync("sh", ["-c", 'ulimit -f 40; exec "$@"', "sh", ...command], {
      encoding: "utf8",
      env: { ...process.env, TSX_DISABLE_CACHE: "1" },
    });
    const told = JSON.parse(stdout) as { outcome?: string; errors: string[] };
    expect(told.outcome).toBe("failed");
    expect(told.errors.join("\n")).toMatch(
      /could not be written, so it is as it was before[^]*Make room on that disk/,
    );
    expect(await stack.state()).toEqual({ resources: ["a"], pending: [] });
    expect(await readFile(`${stack.stateFile}.bak`, "utf8")).toContain("::a");
    expect(await stack.cloud()).toEqual(["a"]);
    const { outcome } = await stack.run(
      "up",
      `new Dyn("a"); new Dyn("big", { value: "x".repeat(100_000) });`,
    );
    expect(outcome).toBe("succeeded");
  } finally {
    await stack.close();
  }
});
