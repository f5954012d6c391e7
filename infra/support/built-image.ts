import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { folderFingerprint } from "./folder-fingerprint";
import { projectRoot } from "./places";

export interface ImageSources {
  /** Where it is pushed. */
  repository: string;
  /** From the folder of the project; what is in it, and that alone, decides whether there is anything to build. */
  context: string;
  /** From the folder of the project. */
  dockerfile: string;
  /** Build arguments by name; they can be read from the image. */
  args: Record<string, string>;
}

/** The name that an image has once it is built, known before: its tag is made of the sources. */
export function builtImageReference({ repository, context, dockerfile, args }: ImageSources): string {
  const sources = folderFingerprint(resolve(projectRoot, context));
  const sorted = Object.entries(args).sort(([a], [b]) => (a < b ? -1 : 1));
  const fingerprint = createHash("sha256")
    .update(JSON.stringify([sources, dockerfile, sorted]))
    .digest("hex");
  return `${repository}:build-${fingerprint.slice(0, 16)}`;
}
