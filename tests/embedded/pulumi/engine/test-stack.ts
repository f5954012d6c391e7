import { copyFile, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "../../../../embedded/pulumi";
import { projectRoot, Secret } from "../../../../infra/support";

const prelude = `
const pulumi = require("@pulumi/pulumi");
const provider = 'exports.handler=()=>require(require("path").resolve("cloud.cjs"))';
class Dyn extends pulumi.CustomResource {
  constructor(name, props = {}, options = {}) {
    super("pulumi-nodejs:dynamic/bad:Res", name, { key: name, ...props, __provider: provider }, options);
  }
}
`;

export interface Told {
  outcome: string;
  /** Every message, with its severity and the name of its resource. */
  messages: string[];
  steps: string[];
}

interface Checkpoint {
  checkpoint: {
    latest?: {
      resources?: { urn: string }[];
      pending_operations?: { type: string; resource: { urn: string } }[];
    };
  };
}

/** A stack of its own in a folder of its own, whose program is a line of JavaScript. */
export class TestStack {
  private constructor(readonly folder: string) {}

  static async open(): Promise<TestStack> {
    const stack = new TestStack(await mkdtemp(join(tmpdir(), "engine-")));
    await mkdir(join(stack.folder, "backend"));
    await mkdir(join(stack.folder, "cloud"));
    await stack.write("package.json", '{ "name": "bad", "main": "index.js" }');
    await stack.write(
      "Pulumi.yaml",
      "name: bad\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n",
    );
    await copyFile(join(__dirname, "cloud.cjs"), join(stack.folder, "cloud.cjs"));
    await symlink(join(projectRoot, "node_modules"), join(stack.folder, "node_modules"));
    await pulumi.createStack(stack.address);
    return stack;
  }

  get address(): pulumi.StackAddress {
    const backendUrl = `file://${join(this.folder, "backend")}`;
    return { projectDir: this.folder, stack: "dev", backendUrl, passphrase: new Secret("bad days") };
  }

  write(file: string, text: string): Promise<void> {
    return writeFile(join(this.folder, file), text);
  }

  writeProgram(program: string): Promise<void> {
    return this.write("index.js", prelude + program);
  }

  /** Runs an operation with this program, and gives all that it told. */
  async run(
    kind: "preview" | "up" | "refresh" | "destroy",
    program: string,
    options: Partial<pulumi.Operation> = {},
  ): Promise<Told> {
    await this.writeProgram(program);
    const told: Told = { outcome: "", messages: [], steps: [] };
    const { onEvent, ...rest } = options;
    const { outcome } = await pulumi[kind]({
      ...this.address,
      env: { PULUMI_HOME: join(this.folder, "home") },
      ...rest,
      onEvent: (event) => {
        onEvent?.(event);
        if (event.kind === "step-done") told.steps.push(`${event.step} ${nameOf(event.urn)}`);
        if (event.kind === "diagnostic" && event.severity !== "debug")
          told.messages.push(`${event.severity} ${nameOf(event.urn ?? "")}: ${event.message}`);
      },
    });
    return { ...told, outcome };
  }

  get stateFile(): string {
    return join(this.folder, "backend", ".pulumi", "stacks", "bad", "dev.json");
  }

  /** The names of the resources in the state, and of those under way when it was last written. */
  async state(): Promise<{ resources: string[]; pending: string[] }> {
    const { checkpoint } = JSON.parse(await readFile(this.stateFile, "utf8")) as Checkpoint;
    const { resources = [], pending_operations: pending = [] } = checkpoint.latest ?? {};
    return {
      resources: resources
        .map(({ urn }) => urn)
        .filter((urn) => urn.includes("dynamic/"))
        .map(nameOf)
        .sort(),
      pending: pending.map(({ type, resource }) => `${type} ${nameOf(resource.urn)}`).sort(),
    };
  }

  /** What is really there. */
  async cloud(): Promise<string[]> {
    return (await readdir(join(this.folder, "cloud"))).map((file) => file.replace(".json", "")).sort();
  }

  close(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? "";
}
