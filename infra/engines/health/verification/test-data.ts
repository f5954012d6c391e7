import { z } from "zod";
import type { AppClient } from "./app-client";
import { CheckFailure } from "./check";

/** How everything that a verification makes is named; nobody's own data is named so. */
export const testDataPrefix = "[verification] ";

const leftAfterMs = 10 * 60_000;
const records = z.array(z.object({ id: z.string(), name: z.string(), createdAt: z.coerce.date() }));

/** Removes all that carries the marker. The party goes last: while it stands, what belongs to it can be found. */
export async function removeTestData(app: AppClient, marker: string): Promise<void> {
  for (const party of await list(app, "parties", { startsWith: marker })) await removeParty(app, party);
}

/** Removes what earlier verifications could not, because they were killed; one that still runs is left alone. */
export async function removeLeftovers(app: AppClient): Promise<string> {
  const parties = await list(app, "parties", { startsWith: testDataPrefix });
  const old = parties.filter(({ createdAt }) => Date.now() - createdAt.getTime() > leftAfterMs);
  for (const party of old) await removeParty(app, party);
  return old.length === 0
    ? "no test data is left over"
    : `test data of ${old.length} killed runs was removed`;
}

async function removeParty(app: AppClient, party: { id: string; name: string }): Promise<void> {
  for (const { id } of await list(app, "encounters", { partyId: party.id })) {
    await remove(app, `/api/encounters/${id}`);
  }
  for (const { id } of await list(app, "characters", { startsWith: party.name })) {
    await remove(app, `/api/characters/${id}`);
  }
  await remove(app, `/api/parties/${party.id}`);
}

async function list(app: AppClient, kind: string, query: Record<string, string>) {
  const path = `/api/${kind}?${new URLSearchParams(query).toString()}`;
  const answer = await app.ask("GET", path);
  const parsed = z.record(z.string(), z.unknown()).safeParse(answer.body);
  const found = records.safeParse(parsed.data?.[kind]);
  if (answer.status !== 200 || !found.success) {
    throw new CheckFailure(`GET ${path} answered ${answer.status}, expected a list of ${kind}`);
  }
  return found.data;
}

async function remove(app: AppClient, path: string): Promise<void> {
  const { status } = await app.ask("DELETE", path);
  if (status !== 204 && status !== 404)
    throw new CheckFailure(`DELETE ${path} answered ${status}, expected 204`);
}
