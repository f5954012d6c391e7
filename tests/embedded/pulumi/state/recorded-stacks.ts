import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStack, readProject, type OpenStack, type Project } from "../../../../embedded/pulumi/state";
import { Secret } from "../../../../infra/support";

/** The secrets that the recorded stacks hold, none of which may stand in any file in clear. */
export const canaries = ["canary-token-1", "canary-pass-2"];
export const passphrase = new Secret("a passphrase for tests");

/** A copy of the stacks that the Pulumi CLI made, free to be changed. */
export class RecordedStacks {
  readonly folder = mkdtempSync(join(tmpdir(), "recorded-stacks-"));
  readonly projectFolder = join(this.folder, "project");
  readonly backendUrl = `file://${join(this.folder, "state")}`;

  constructor() {
    cpSync(join(__dirname, "..", "recorded", "stacks"), this.folder, { recursive: true });
  }

  get project(): Project {
    return readProject(this.projectFolder);
  }

  options(stack: string) {
    return { project: this.project, stack, backendUrl: this.backendUrl, passphrase };
  }

  open(stack: string, changes: { passphrase?: Secret; configFile?: string } = {}): Promise<OpenStack> {
    return openStack({ ...this.options(stack), ...changes });
  }

  file(...parts: string[]): string {
    return join(this.folder, "state", ".pulumi", ...parts);
  }

  checkpointFile(stack: string): string {
    return this.file("stacks", "recorded", `${stack}.json`);
  }

  checkpoint(stack: string): CheckpointJson {
    return JSON.parse(readFileSync(this.checkpointFile(stack), "utf8")) as CheckpointJson;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export interface CheckpointJson {
  version: number;
  features?: string[];
  checkpoint: {
    stack: string;
    latest: {
      manifest?: { time: string; magic: string; version: string };
      secrets_providers: { type: string; state: { salt: string } };
      resources?: Record<string, unknown>[];
      pending_operations?: { type: string; resource: Record<string, unknown> }[];
    };
  };
}
