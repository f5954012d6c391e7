import { hostname } from "node:os";
import { z } from "zod";
import type { ArchiveStore } from "../../drivers/store";
import { OperatorError } from "../../support";
import { claimName, manifestName, parseName, possibleArchiveNames } from "./names";

const claimSchema = z.object({
  documentVersion: z.literal(1),
  host: z.string(),
  process: z.object({ pid: z.int(), started: z.string() }),
  since: z.iso.datetime(),
});

const processes = () => require("../../drivers/processes") as typeof import("../../drivers/processes");

/** No backup takes longer; after that a claim is nobody's, even where its process cannot be looked for. */
const longestBackupMs = 24 * 3_600_000;

/** Tells other runs that this archive is being made, before there is anything of it. */
export function claimArchive(store: ArchiveStore, named: { database: string; id: string }): Promise<void> {
  const self = processes().identify(process.pid) ?? { pid: process.pid, started: "" };
  const claim = { documentVersion: 1, host: hostname(), process: self, since: new Date().toISOString() };
  return store.put(claimName(named), JSON.stringify(claim));
}

/** Removes what killed runs left of archives that never came to be. */
export async function sweepLeftovers(store: ArchiveStore, database: string): Promise<void> {
  const kinds = new Map<string, Set<string>>();
  for (const { name } of await store.list(database)) {
    const parsed = parseName(name);
    if (parsed) kinds.set(parsed.id, (kinds.get(parsed.id) ?? new Set()).add(parsed.kind));
  }
  for (const [id, seen] of kinds) {
    if (seen.has("manifest") && !seen.has("claim")) continue;
    await sweep(store, { database, id });
  }
}

async function sweep(store: ArchiveStore, named: { database: string; id: string }): Promise<void> {
  if (await isClaimed(store, named)) return;
  // Looked for after the claim: a run writes the first before it gives up the second.
  if ((await store.get(manifestName(named))) === undefined)
    for (const name of possibleArchiveNames(named)) await store.delete(name).catch(unlessLocked);
  await store.delete(claimName(named));
}

/** Whether somebody works on an archive right now. */
export async function isClaimed(
  store: ArchiveStore,
  named: { database: string; id: string },
): Promise<boolean> {
  const text = await store.get(claimName(named));
  if (text === undefined) return false;
  const claim = claimSchema.safeParse(parseJson(text));
  if (!claim.success || Date.now() - Date.parse(claim.data.since) > longestBackupMs) return false;
  return claim.data.host !== hostname() || processes().isRunning(claim.data.process);
}

/** A bucket that locks by itself keeps what never became an archive, until it lets go. */
function unlessLocked(error: unknown): void {
  if (!(error instanceof OperatorError && error.code === "store-object-locked")) throw error;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
