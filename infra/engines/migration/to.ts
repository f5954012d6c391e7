import { chosenDown, chosenUp, newestFirst } from "./chosen";
import { UnknownVersionError } from "./errors";
import type { Look } from "./look";
import { performRun, type RunBase, type RunResult } from "./run";

export interface ToOptions extends RunBase {
  /** The version that shall be the newest in effect; null for an empty schema. */
  version: string | null;
}

/** Brings the schema to a version from either side: takes back what is later, or runs what is missing up to it. */
export async function migrateTo(options: ToOptions): Promise<RunResult> {
  const { version, requireDown } = options;
  return performRun(options, `going to ${version ?? "an empty schema"}`, (seen) => {
    requireKnown(seen, version);
    const later = newestFirst(seen).filter((one) => version === null || one > version);
    if (later.length > 0) return chosenDown(seen, later);
    return version === null ? [] : chosenUp(seen, { phase: "all", to: version, requireDown });
  });
}

function requireKnown({ files, records }: Look, version: string | null): void {
  if (version === null) return;
  if (![...files, ...records].some((one) => one.version === version)) throw new UnknownVersionError(version);
}
