import { once } from "node:events";
import { chmod, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { ensureMongodBinary } from "../../infra/drivers/mongod";
import { projectRoot, waitFor } from "../../infra/support";

/** The gate before a local stack's database, through which everybody reaches it: it holds, cuts and tells. */
export class DatabaseGate {
  /** What `DND_MONGOD` names. */
  readonly program: string;
  readonly #control: string;

  private constructor(folder: string) {
    this.program = join(folder, "mongod");
    this.#control = join(folder, "gate");
  }

  static async open(folder: string): Promise<DatabaseGate> {
    const gate = new DatabaseGate(folder);
    const { path: mongod } = await ensureMongodBinary();
    const words = [
      process.execPath,
      "--require",
      join(projectRoot, "infra", "support", "typescript.cjs"),
      join(projectRoot, "tests", "harness", "gated-mongod.ts"),
      mongod,
      gate.#control,
    ];
    const version = `[ "$1" = --version ] && exec '${mongod}' "$@"`;
    const gated = `exec ${words.map((word) => `'${word}'`).join(" ")} "$@"`;
    const text = `#!/bin/sh\n${version}\nrm -f '${gate.#control}'\n${gated}\n`;
    await writeFile(gate.program, text);
    await chmod(gate.program, 0o700);
    return gate;
  }

  /** Holds everything back once a message with these words comes by, and resolves then. */
  async strikeAt(words: readonly string[], signal: AbortSignal): Promise<void> {
    const socket = await this.reachable(signal);
    let said = "";
    socket.on("data", (data) => (said += String(data)));
    socket.write(JSON.stringify({ words }));
    try {
      const struck = () => Promise.resolve(said.includes("struck") ? true : undefined);
      await waitFor(struck, { what: "the moment", timeoutMs: 240_000, intervalMs: 5, signal });
    } finally {
      socket.destroy();
    }
  }

  /** Ends every connection and takes no new one. */
  cut(): Promise<void> {
    return this.order("cut");
  }

  /** Lets through what was held, and everybody again. */
  mend(): Promise<void> {
    return this.order("mend");
  }

  async close(): Promise<void> {
    await rm(this.#control, { force: true });
  }

  private async order(order: string): Promise<void> {
    const socket = await this.socket();
    socket.write(JSON.stringify({ order }));
    await once(socket, "data");
    socket.destroy();
  }

  private async socket() {
    const socket = connect(this.#control);
    await once(socket, "connect");
    socket.on("error", () => undefined);
    return socket;
  }

  /** Once the database runs whose gate this is. */
  private reachable(signal: AbortSignal) {
    const wait = { what: "the gate before the database", timeoutMs: 120_000, intervalMs: 20, signal };
    return waitFor(() => this.socket().catch(() => undefined), wait);
  }
}
