import { gunzipSync } from "node:zlib";
import { z } from "zod";
import { openStore, type ArchiveStore } from "../../drivers/store";
import { releaseSchema, type Release } from "./release";

const image = z.object({ name: z.string(), version: z.string(), digest: z.string() });
const recordOutputs = z.looseObject({
  release: z.int().positive(),
  image,
  schemaVersion: z.string().nullable(),
  archive: z.looseObject({ id: z.string(), bytes: z.number() }).nullable(),
});
const preflightOutputs = z.looseObject({
  release: z.int().positive(),
  environment: z.string(),
  why: z.array(z.string()),
  schemaBefore: z.string().nullable(),
  commit: z.string().nullable(),
  openedAt: z.string(),
  // What an earlier edition wrote otherwise is not told, and takes nothing from the rest.
  details: releaseSchema
    .pick({ kind: true, rollbackOf: true, target: true, rollsBackTo: true, settingsHash: true, reason: true })
    .partial()
    .nullish()
    .catch(undefined),
});
const resource = z.looseObject({ type: z.string(), outputs: z.record(z.string(), z.unknown()).optional() });
const resources = z.looseObject({ resources: z.array(resource).nullish() });
/** A state as a folder or a bucket keeps it, or as `pulumi stack export` prints it. */
const state = z.union([
  z.looseObject({ checkpoint: z.looseObject({ latest: resources.nullish() }) }),
  z.looseObject({ deployment: resources }),
]);

/** The release that was good when a state was written, as far as the state tells; undefined where it holds none. */
export function releaseInState(text: string): Release | undefined {
  const parsed = state.safeParse(JSON.parse(text));
  if (!parsed.success) return undefined;
  const held =
    "deployment" in parsed.data
      ? parsed.data.deployment
      : (parsed.data.checkpoint as { latest?: unknown }).latest;
  const all = resources.safeParse(held);
  const outputsOf = (kind: string) =>
    all.data?.resources?.find(({ type }) => type.endsWith(`dynamic/dnd:${kind}`))?.outputs;
  const record = recordOutputs.safeParse(outputsOf("ReleaseRecord"));
  const preflight = preflightOutputs.safeParse(outputsOf("Preflight"));
  if (!record.success || !preflight.success) return undefined;
  // A later release that failed has left its preflight there: then the state tells of two, and of neither all.
  const { release, schemaVersion, archive } = record.data;
  const own = preflight.data.release === release ? preflight.data : undefined;
  return {
    ...present(own?.details),
    _id: release,
    documentVersion: 1,
    state: "done",
    environment: preflight.data.environment,
    image: record.data.image,
    schema: { before: own?.schemaBefore ?? null, after: schemaVersion },
    archive: archive && { id: archive.id, bytes: archive.bytes },
    why: own?.why ?? [],
    startedAt: new Date(own?.openedAt ?? 0),
    finishedAt: null,
    by: "",
    host: "",
    commit: own?.commit ?? null,
    steps: [],
    error: null,
  };
}

/** What is not known is left out, as the journal does. */
function present(details: Partial<Release> | null | undefined): Partial<Release> {
  const known = Object.entries(details ?? {}).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known);
}

/** The releases that the history of a stack tells of, in a folder (file://) or a bucket (s3://), newest first. */
export async function releasesInHistory(
  backend: string,
  project: string,
  stack: string,
  limit: number,
): Promise<Release[]> {
  const [place = "", query] = backend.replace(/^file:\/\//, "").split("?");
  const store = openStore(`${place}/.pulumi/history/${project}${query ? `?${query}` : ""}`);
  const names = (await store.list(stack))
    .map(({ name }) => name)
    .filter((name) => /\.checkpoint\.json(\.gz)?$/.test(name))
    .sort()
    .reverse()
    .slice(0, limit);
  const found = new Map<number, Release>();
  for (const name of names) {
    const release = releaseInState(await textOf(store, name));
    if (release && !found.has(release._id)) found.set(release._id, release);
  }
  return [...found.values()].sort((one, other) => other._id - one._id);
}

async function textOf(store: ArchiveStore, name: string): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of await store.read(name)) parts.push(part as Buffer);
  const bytes = Buffer.concat(parts);
  return (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
}

/** The journal with what only the stack's history knows; where both know a release, the journal counts. */
export function mergeReleases(journal: Release[], history: Release[]): Release[] {
  const known = new Set(journal.map(({ _id }) => _id));
  return [...journal, ...history.filter(({ _id }) => !known.has(_id))].sort(
    (one, other) => other._id - one._id,
  );
}

/** Whether numbers are missing in the newest releases of the journal, of which so many were asked for. */
export function missingNumbers(journal: readonly Release[], asked: number): boolean {
  const [newest, oldest] = [journal[0]?._id, journal.at(-1)?._id];
  if (newest === undefined || oldest === undefined) return true;
  const isAll = journal.length < asked;
  return newest - oldest + 1 > journal.length || (isAll && oldest > 1);
}
