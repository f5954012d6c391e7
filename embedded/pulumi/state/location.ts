import { existsSync, readFileSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { parse as parseYaml } from "yaml";
import { refusal, usageError } from "./errors";

/** A stack of a project in a folder of states; `organization` is what file backends call every owner. */
export interface StackPlace {
  /** The folder that holds `.pulumi`. */
  folder: string;
  project: string;
  stack: string;
}

const stackName = /^[A-Za-z0-9_.-]{1,100}$/;

/** The folder of a `file://` address, as the CLI reads it: `~` is the home, a relative path starts here. */
export function folderOf(backendUrl: string): string {
  if (!backendUrl.startsWith("file://")) {
    throw usageError(
      "backend-unsupported",
      `the embedded engine keeps states in folders (file://), not in ${backendUrl.split("://")[0]}://`,
      "Use the Pulumi CLI for this backend (`--engine pulumi`).",
    );
  }
  const path = decodeURI((backendUrl.slice("file://".length).split("?")[0] ?? "") || ".");
  if (path === "~") return homedir();
  return path.startsWith("~/") ? join(homedir(), path.slice(2)) : resolve(path);
}

/** Reads a stack's name in the forms `stack`, `organization/stack` and `organization/project/stack`. */
export function placeOf(backendUrl: string, project: string, name: string): StackPlace {
  const parts = name.split("/");
  const stack = parts.at(-1) ?? "";
  const owner = parts.length > 1 ? parts[0] : "organization";
  if (parts.length > 3 || owner !== "organization" || !stackName.test(stack)) {
    throw usageError(
      "stack-name-invalid",
      `${name} does not name a stack of a file backend`,
      "Say stack, or organization/project/stack with the word organization as it stands.",
    );
  }
  const named = parts.length === 3 ? parts[1] : project;
  return { folder: folderOf(backendUrl), project: named ?? project, stack };
}

/** The full name that checkpoints carry. */
export function fullName({ project, stack }: StackPlace): string {
  return `organization/${project}/${stack}`;
}

const pulumiFolder = (place: StackPlace, ...parts: string[]) => join(place.folder, ".pulumi", ...parts);

export const metaFile = (place: StackPlace) => pulumiFolder(place, "meta.yaml");
export const stacksFolder = (place: StackPlace) => pulumiFolder(place, "stacks", place.project);
export const checkpointFile = (place: StackPlace) => join(stacksFolder(place), `${place.stack}.json`);
export const historyFolder = (place: StackPlace) =>
  pulumiFolder(place, "history", place.project, place.stack);
export const backupFolder = (place: StackPlace) => pulumiFolder(place, "backups", place.project, place.stack);
export const lockFolder = (place: StackPlace) =>
  pulumiFolder(place, "locks", "organization", place.project, place.stack);

/** Refuses folders of a layout, and states of a packing, that only the CLI can handle. */
export function refuseForeignLayout(place: StackPlace): void {
  const version = layoutVersion(place);
  if (version !== 1) {
    throw refusal(
      "state-layout-unsupported",
      `${join(place.folder, ".pulumi")} has layout ${version}, and the embedded engine knows layout 1`,
      version === 0 ? "Run `pulumi state upgrade` once." : "Use the Pulumi CLI that wrote it.",
    );
  }
  const packed = [".gz", ".zst"].find((ending) => existsSync(checkpointFile(place) + ending));
  if (packed) {
    throw refusal(
      "state-packed",
      `the state of ${place.stack} is packed (${place.stack}.json${packed})`,
      "Unset PULUMI_DIY_BACKEND_GZIP and PULUMI_DIY_BACKEND_ZSTD and run `pulumi up` once with the CLI.",
    );
  }
}

function layoutVersion(place: StackPlace): number {
  try {
    const meta = parseYaml(readFileSync(metaFile(place), "utf8")) as { version?: unknown } | null;
    return typeof meta?.version === "number" ? meta.version : -1;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") return -1;
  }
  // Before layout 1 there was no such file, and the stacks of all projects lay side by side.
  const stacks = pulumiFolder(place, "stacks");
  return existsSync(stacks) && readdirSync(stacks).some((name) => name.endsWith(".json")) ? 0 : 1;
}
