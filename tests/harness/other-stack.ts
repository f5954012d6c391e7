import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { projectRoot } from "../../infra/support";
import { dnd } from "../ops/dnd";
import type { CloudStack } from "./cloud-stack";

/** A stack beside another one's, of the same project and in the same place, that has nothing but outputs. */
export class OtherStack {
  private constructor(
    private readonly folder: string,
    private readonly name: string,
    private readonly beside: CloudStack,
  ) {}

  static async open(beside: CloudStack, name: string): Promise<OtherStack> {
    const folder = join(beside.folder, `other-${name}`);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "Pulumi.yaml"), stringify({ name: "dnd-tracker", runtime: "nodejs" }));
    await symlink(join(projectRoot, "node_modules"), join(folder, "node_modules"));
    await writeFile(
      join(folder, "index.js"),
      `const pulumi = require("@pulumi/pulumi");
const { secretly, ...rest } = require("./outputs.json");
module.exports = { ...rest, ...(secretly && { secretly: pulumi.secret(secretly) }) };
`,
    );
    return new OtherStack(folder, name, beside);
  }

  /** Makes these its outputs; `secretly` is a secret. */
  async exports(outputs: Record<string, unknown>): Promise<void> {
    await writeFile(join(this.folder, "outputs.json"), JSON.stringify(outputs));
    const place = ["--stack", this.name, "--cwd", this.folder, "--engine", this.beside.engine];
    const { code, stdout, stderr } = await dnd(["up", "--yes", ...place], this.beside.env);
    if (code !== 0) throw new Error(`the stack ${this.name} did not come up: ${stdout}${stderr}`);
  }
}
