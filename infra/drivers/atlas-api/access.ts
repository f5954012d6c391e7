import { randomBytes } from "node:crypto";
import { retry, waitFor } from "../../support";
import type { AccessWish, AtlasApi, CallOptions } from "./contract";
import { AtlasNotFound, AtlasRefused, UnknownOutcome } from "./errors";
import { commentFor, holdersOf } from "./holders";
import type { AccessEntry } from "./schemas";

/** A way in that one run uses, for `endAccess`. */
export interface HeldAccess {
  projectId: string;
  address: string;
  /** Of this run; null where the address may connect anyway, so that nothing is taken away at the end. */
  holder: string | null;
}

export interface AccessWanted {
  /** By its name. */
  project: string;
  address: string;
  expiresAt: Date;
  /** Names the run that asks; asking again with the same one changes nothing. */
  holder?: string;
}

export interface AccessOptions extends CallOptions {
  /** Until the entry holds on all clusters; two minutes unless told otherwise. */
  settleMs?: number;
  intervalMs?: number;
}

/** Lets an address in until a time, and waits until it holds; an entry that somebody made to last is left as it is. */
export async function ensureAccess(
  api: AtlasApi,
  wanted: AccessWanted,
  options: AccessOptions = {},
): Promise<HeldAccess> {
  const { holder = randomBytes(4).toString("hex") } = wanted;
  const { id: projectId } = await api.project(wanted.project, options);
  // Another run that left meanwhile may have taken the entry of both away: it knew nothing of this one yet.
  return retry(() => letIn(api, projectId, { ...wanted, holder }, options), {
    attempts: 5,
    firstDelayMs: 100,
    signal: options.signal,
    retryable: (error) => error instanceof AtlasNotFound,
  });
}

async function letIn(
  api: AtlasApi,
  projectId: string,
  { address, expiresAt, holder }: AccessWanted & { holder: string },
  options: AccessOptions,
): Promise<HeldAccess> {
  const found = await entryOf(api, projectId, address, options);
  const enough = found !== undefined && lasts(found, expiresAt);
  if (found && !isOurs(found)) {
    // Somebody else's: made to last as long as this run needs, and never taken away.
    const comment = found.comment ?? "";
    if (!enough) await added(api, projectId, { address, expiresAt, comment }, options, false);
    await settled(api, projectId, address, options);
    return { projectId, address, holder: null };
  }

  const holders = holdersOf(found?.comment) ?? [];
  if (!enough || !holders.includes(holder)) {
    const comment = commentFor([...holders.filter((one) => one !== holder), holder]);
    // An entry with a later end keeps it: another run counts on it.
    const until = laterOf(expiresAt, found?.deleteAfterDate);
    await added(api, projectId, { address, expiresAt: until, comment }, options, true);
  }
  await settled(api, projectId, address, options);
  return { projectId, address, holder };
}

/** Takes the address off the list unless another run still uses the entry; ending twice succeeds. */
export async function endAccess(api: AtlasApi, held: HeldAccess, options: CallOptions = {}): Promise<void> {
  const { projectId, address, holder } = held;
  if (holder === null) return;
  const found = await entryOf(api, projectId, address, options);
  const holders = holdersOf(found?.comment) ?? [];
  if (!found?.deleteAfterDate || !holders.includes(holder)) return;
  const others = holders.filter((one) => one !== holder);
  if (others.length === 0) return api.access.remove(projectId, address, options);
  const expiresAt = new Date(found.deleteAfterDate);
  await api.access.add(projectId, { address, expiresAt, comment: commentFor(others) }, options);
}

async function entryOf(
  api: AtlasApi,
  projectId: string,
  address: string,
  options: CallOptions,
): Promise<AccessEntry | undefined> {
  const entries = await api.access.list(projectId, options);
  return entries.find(({ ipAddress, cidrBlock }) => ipAddress === address || cidrBlock === `${address}/32`);
}

/** Adds an entry and looks whether it stands as wished: Atlas may leave one that is there as it was. */
async function added(
  api: AtlasApi,
  projectId: string,
  wish: AccessWish,
  options: CallOptions,
  ours: boolean,
): Promise<void> {
  const stands = async () => {
    const found = await entryOf(api, projectId, wish.address, options);
    return found?.comment === wish.comment && lasts(found, wish.expiresAt);
  };
  try {
    await api.access.add(projectId, wish, options);
  } catch (error) {
    if (!(error instanceof UnknownOutcome) || !(await stands())) throw error;
    return;
  }
  if (await stands()) return;
  if (!ours) {
    const said = "somebody's entry for it ends before this run may";
    throw new AtlasRefused({ doing: `let ${wish.address} in for longer`, said });
  }
  await api.access.remove(projectId, wish.address, options);
  await api.access.add(projectId, wish, options);
}

/** An entry without an end is nobody's run's, whatever its comment says. */
function isOurs({ comment, deleteAfterDate }: AccessEntry): boolean {
  return deleteAfterDate !== undefined && holdersOf(comment) !== undefined;
}

function lasts({ deleteAfterDate }: AccessEntry, until: Date): boolean {
  // Atlas may keep whole seconds only.
  return deleteAfterDate === undefined || Date.parse(deleteAfterDate) > until.getTime() - 1000;
}

function laterOf(wanted: Date, present: string | undefined): Date {
  return present !== undefined && Date.parse(present) > wanted.getTime() ? new Date(present) : wanted;
}

async function settled(api: AtlasApi, projectId: string, address: string, options: AccessOptions) {
  const { signal, settleMs = 120_000, intervalMs = 2000 } = options;
  await waitFor(
    async () => {
      const state = await api.access.state(projectId, address, options);
      if (state === "FAILED")
        throw new AtlasRefused({ doing: `let ${address} in`, said: "the entry did not reach the clusters" });
      return state === "ACTIVE" ? true : undefined;
    },
    { what: `Atlas to let ${address} in`, timeoutMs: settleMs, intervalMs, signal },
  );
}
