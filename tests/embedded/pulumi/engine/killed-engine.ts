import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { cancel } from "../../../../embedded/pulumi";
import { projectRoot } from "../../../../infra/support";
import { TestStack } from "./test-stack";

const keys = ["a", "b", "c", "d", "e", "f"];

const upInAProcess = (stack: TestStack) => `
  const { up } = require(${JSON.stringify(join(projectRoot, "embedded", "pulumi"))});
  const { Secret } = require(${JSON.stringify(join(projectRoot, "infra", "support"))});
  const address = ${JSON.stringify(stack.address)};
  up({ ...address, passphrase: new Secret("bad days"), onEvent: (event) => {
    if (event.kind === "step-started" || event.kind === "finished") console.log(event.kind, event.urn ?? event.outcome);
  } });`;

/** A stack whose engine is killed with -9 in one `up` after the other, each of which puts new resources in the place of the old. */
export class KilledEngine {
  #ups = 0;

  private constructor(private readonly stack: TestStack) {}

  static async open(): Promise<KilledEngine> {
    return new KilledEngine(await TestStack.open());
  }

  /** Kills an `up` so long after the first step of such a resource began, and tells how the stack stands before and after the next one. */
  async killedAfter(ms: number) {
    this.#ups += 1;
    const { stack, names, program } = this;
    await stack.writeProgram(program);
    const loader = join(projectRoot, "infra", "support", "typescript.cjs");
    const args = ["--require", loader, "-e", upInAProcess(stack)];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    const exited = once(child, "exit");
    for await (const line of createInterface({ input: child.stdout })) {
      if (/^step-started .*dynamic/.test(line)) setTimeout(() => child.kill("SIGKILL"), ms);
    }
    await exited;
    const orphans = await orphansIn(stack.folder);
    const left = { ...(await stack.state()), cloud: await stack.cloud(), orphans };
    await cancel(stack.address);
    const next = await stack.run("up", program);
    const after = { ...(await stack.state()), cloud: await stack.cloud() };
    return { left, next, after, names };
  }

  /** Whether the engine finds anything to do after all that. */
  again() {
    return this.stack.run("preview", this.program, { expectNoChanges: true });
  }

  close(): Promise<void> {
    return this.stack.close();
  }

  private get names(): string[] {
    return keys.map((key) => `${key}${this.#ups}`);
  }

  /** Two chains side by side, slow enough to be hit in any step. */
  private get program(): string {
    return `const made = {}; for (const [n, key] of ${JSON.stringify(this.names)}.entries())
  made[n] = new Dyn(key, { takesMs: 60 }, made[n - 2] ? { dependsOn: made[n - 2] } : {});`;
  }
}

/** Processes that still work in the stack's folder when they have had time to end; where the system does not tell, none. */
async function orphansIn(folder: string): Promise<string[]> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const pids = await readdir("/proc").catch(() => []);
    const where = pids.map((pid) => readlink(join("/proc", pid, "cwd")).catch(() => ""));
    const left = (await Promise.all(where)).filter((cwd) => cwd === folder);
    if (left.length === 0 || Date.now() > deadline) return left;
    await sleep(50);
  }
}
