import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Runs } from "./measured";
import { inProcessOfItsOwn, type Preset } from "./once";
import { isOnPath, mongodump } from "./peers";
import type { Promised } from "./table";

interface Target {
  preset: Preset;
  against: "gzip" | "plain";
  faster: number;
  larger: number;
}

const targets: Target[] = [
  { preset: "small", against: "gzip", faster: 2.2, larger: 1.03 },
  { preset: "default", against: "gzip", faster: 3.8, larger: 1.12 },
  { preset: "fast", against: "gzip", faster: 6, larger: 1.2 },
  { preset: "none", against: "plain", faster: 0.9, larger: 1.01 },
];

export interface Place {
  uri: string;
  database: string;
  folder: string;
}

const dumpOf = (preset: Preset) => `dump, ${preset}`;
const encryptedOf = (preset: Preset) => `dump, ${preset}, encrypted`;
const peerOf = (against: string) => `mongodump, ${against}`;

/** Dumps a database with each preset, in the clear and encrypted, and with mongodump, in turn. */
export async function benchDumps(place: Place, rounds: number, runs: Runs): Promise<Promised[]> {
  const compare = isOnPath("mongodump");
  const recipient = await someRecipient();
  const folder = join(place.folder, "dumps");
  for (let round = 0; round < rounds; round++)
    for (const against of ["gzip", "plain"] as const) {
      if (compare)
        runs.note(peerOf(against), await mongodump(place.uri, place.database, place.folder, against));
      for (const { preset } of targets.filter((one) => one.against === against)) {
        const wanted = { ...place, folder, do: "dump", preset } as const;
        runs.note(dumpOf(preset), await inProcessOfItsOwn(wanted));
        runs.note(encryptedOf(preset), await inProcessOfItsOwn({ ...wanted, recipient }));
        await rm(folder, { recursive: true });
      }
    }
  const against = compare ? targets.flatMap((one) => comparison(one, runs)) : [];
  return [...against, ...targets.map(({ preset }) => encryptionCost(preset, runs))];
}

function comparison({ preset, against, faster, larger }: Target, runs: Runs): Promised[] {
  const [ours, theirs] = [dumpOf(preset), peerOf(against)];
  return [
    { what: `${ours}: speed of ${theirs}`, seen: runs.ratio("ms", theirs, ours), atLeast: faster },
    { what: `${ours}: size of ${theirs}`, seen: runs.ratio("bytes", ours, theirs), atMost: larger },
  ];
}

function encryptionCost(preset: Preset, runs: Runs): Promised {
  const seen = runs.ratio("ms", encryptedOf(preset), dumpOf(preset));
  return { what: `${encryptedOf(preset)}: time of the same in the clear`, seen, atMost: 1.1 };
}

/** A limit far below what any machine does, so that only the limit can be what is measured. */
export async function benchLimit(place: Place, bytes: number): Promise<Promised> {
  const limitRate = bytes / limitedSeconds;
  const folder = join(place.folder, "limited");
  const { ms } = await inProcessOfItsOwn({ ...place, folder, do: "dump", preset: "none", limitRate });
  await rm(folder, { recursive: true });
  const seen = bytes / (ms / 1000) / limitRate;
  return { what: "dump, none, with a limit: rate of the limit", seen, atLeast: 0.9, atMost: 1.1 };
}

const limitedSeconds = 20;

async function someRecipient(): Promise<string> {
  const { generateX25519Identity, identityToRecipient } = await import("age-encryption");
  return identityToRecipient(await generateX25519Identity());
}
