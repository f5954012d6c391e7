import { openStore, type ArchiveStore } from "../../drivers/store";
import { silent, type Progress } from "../../support";
import type { StorePlace } from "./catalog";
import { foundArchives, holdReason, objectsOf } from "./kept-archives";
import { claimArchive, isClaimed, sweepLeftovers } from "./leftovers";
import { claimName, parseName } from "./names";
import { mendLatest } from "./latest";
import { decideRetention, type RetentionDecision, type RetentionInput } from "./retention";

export interface PruneWanted extends Pick<RetentionInput, "rules" | "needed"> {
  store: StorePlace;
  /** Of this environment and this database only; of all unless said otherwise. */
  environment?: string | undefined;
  database?: string | undefined;
  /** Decides and deletes nothing. */
  dryRun?: boolean | undefined;
  now?: Date | undefined;
  progress?: Progress | undefined;
  signal?: AbortSignal | undefined;
}

/** What became of an archive; `spared` where it was to go and somebody needed it in that moment. */
export interface Pruned extends RetentionDecision {
  outcome: "kept" | "would-delete" | "deleted" | "spared";
}

export interface PruneResult {
  archives: Pruned[];
  /** Left alone, for nobody can say what they are. */
  unreadable: { id: string; why: string }[];
}

/** Deletes what retention no longer keeps; killed anywhere it leaves no archive that lists as good and is not. */
export async function pruneArchives(wanted: PruneWanted): Promise<PruneResult> {
  const { rules, needed, now = new Date(), dryRun = false, progress = silent, signal } = wanted;
  const store = openStore(wanted.store, signal);
  if (!dryRun) await finishEarlier(store);
  const { archives, unreadable } = await foundArchives(store);
  const asked = archives.filter(
    ({ environment, database }) =>
      environment === (wanted.environment ?? environment) && database === (wanted.database ?? database),
  );
  const pruned: Pruned[] = [];
  for (const decision of decideRetention({ archives: asked, rules, needed, now })) {
    signal?.throwIfAborted();
    progress(`${decision.id}: ${decision.verdict}, ${decision.reasons.join("; ")}`);
    if (decision.verdict === "keep") pruned.push({ ...decision, outcome: "kept" });
    else if (dryRun) pruned.push(await foretell(store, decision));
    else pruned.push(await remove(store, decision));
  }
  if (!dryRun)
    for (const database of new Set(archives.map((one) => one.database))) await mendLatest(store, database);
  return { archives: pruned, unreadable };
}

async function foretell(store: ArchiveStore, decision: RetentionDecision): Promise<Pruned> {
  const lock = await lockReason(store, await objectsOf(store, decision));
  return lock === null ? { ...decision, outcome: "would-delete" } : spared(decision, lock);
}

/** Looked for before anything goes: half an archive is worse than one too many. */
async function lockReason(store: ArchiveStore, names: readonly string[]): Promise<string | null> {
  for (const name of names) {
    const lock = await store.lockOf?.(name);
    if (lock) return `${name} stands under ${lock.by} in ${store.location}`;
  }
  return null;
}

/** The claim comes first, so that whoever finds a half-deleted archive knows whether its end is still to come. */
async function remove(store: ArchiveStore, decision: RetentionDecision): Promise<Pruned> {
  if (await isClaimed(store, decision)) return spared(decision, "somebody works on it");
  await claimArchive(store, decision);
  try {
    // It may have come under hold since the decision.
    const hold = await holdReason(store, decision);
    if (hold !== null) return spared(decision, `it is under hold: ${hold}`);
    const names = await objectsOf(store, decision);
    const lock = await lockReason(store, names);
    if (lock !== null) return spared(decision, lock);
    for (const name of names) await store.delete(name);
    return { ...decision, outcome: "deleted" };
  } finally {
    await store.delete(claimName(decision)).catch(() => undefined);
  }
}

function spared(decision: RetentionDecision, why: string): Pruned {
  return { ...decision, outcome: "spared", reasons: [...decision.reasons, why] };
}

/** What a killed run began: without its manifest an archive is none, and its notes say nothing any more. */
async function finishEarlier(store: ArchiveStore): Promise<void> {
  const names = (await store.list()).map(({ name }) => name);
  const databases = new Set(names.map((name) => name.slice(0, name.indexOf("/"))));
  for (const database of databases) await sweepLeftovers(store, database);
  const left = (await store.list()).map(({ name }) => name);
  const living = new Set(left.flatMap((name) => stemOf(name) ?? []));
  for (const name of left) {
    const [, stem] = notes.exec(name) ?? [];
    if (stem !== undefined && !living.has(stem)) await store.delete(name);
  }
}

/** The notes beside an archive, such as who holds it. */
const notes = /^([^/]+\/\d{8}T\d{6}(?:\d{3})?Z-[^/.]+)\.(?:verified|hold)\.json$/;

function stemOf(name: string): string | undefined {
  const named = parseName(name);
  return named && `${named.database}/${named.id}`;
}
