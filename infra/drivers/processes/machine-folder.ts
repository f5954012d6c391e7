import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { exitSchema, machineSpecSchema, type MachineEnv } from "./contract";

const recordSchema = z.object({
  version: z.literal(1),
  spec: machineSpecSchema,
  /** Whether it should run: what a daemon that takes over goes by. */
  wanted: z.boolean(),
  state: z.enum(["starting", "started", "waiting", "stopping", "stopped", "failed"]),
  process: z.object({ pid: z.int(), started: z.string() }).nullable(),
  port: z.int().nullable(),
  cordoned: z.boolean(),
  /** Has been healthy at least once. */
  proven: z.boolean(),
  restarts: z.int(),
  exit: exitSchema.nullable(),
});

/** What is written down of a machine, without its environment. */
export type MachineRecord = z.infer<typeof recordSchema>;

/**
 * Where a machine keeps its record, its environment (which holds secrets: mode 600) and its log.
 * Writes are synchronous: a record must stand before the step that it tells of is done, in the order of the steps.
 */
export class MachineFolder {
  constructor(readonly path: string) {}

  /** The machines written down in a folder. A record that cannot be read is put aside, with its reason. */
  static all(
    root: string,
    unreadable: (path: string, error: unknown) => void,
  ): [MachineFolder, MachineRecord][] {
    const found: [MachineFolder, MachineRecord][] = [];
    for (const name of foldersIn(root)) {
      const folder = new MachineFolder(join(root, name));
      try {
        const record = folder.read();
        if (record) found.push([folder, record]);
      } catch (error) {
        unreadable(folder.file("machine.json"), error);
      }
    }
    return found.sort(([, a], [, b]) => a.spec.id.localeCompare(b.spec.id));
  }

  get log(): string {
    return this.file("machine.log");
  }

  create(env: MachineEnv): void {
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
    this.write("env.json", env);
  }

  /** A folder that was deleted stays deleted. */
  record(record: MachineRecord): void {
    if (existsSync(this.path)) this.write("machine.json", record);
  }

  read(): MachineRecord | undefined {
    const text = this.text("machine.json");
    return text === undefined ? undefined : recordSchema.parse(JSON.parse(text));
  }

  env(): MachineEnv {
    return z.record(z.string(), z.string()).parse(JSON.parse(this.text("env.json") ?? "{}"));
  }

  get exists(): boolean {
    return existsSync(this.file("machine.json"));
  }

  putAside(): void {
    renameSync(this.file("machine.json"), this.file("machine.unreadable.json"));
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  private file(name: string): string {
    return join(this.path, name);
  }

  private text(name: string): string | undefined {
    try {
      return readFileSync(this.file(name), "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  }

  private write(name: string, value: unknown): void {
    const whole = this.file(name);
    writeFileSync(`${whole}.new`, JSON.stringify(value, null, 2), { mode: 0o600 });
    renameSync(`${whole}.new`, whole);
  }
}

function foldersIn(root: string): string[] {
  try {
    return readdirSync(root, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [entry.name] : [],
    );
  } catch {
    return [];
  }
}
