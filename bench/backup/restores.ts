import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { MongoClient } from "mongodb";
import type { Place } from "./dumps";
import type { Runs } from "./measured";
import { inProcessOfItsOwn, type Once } from "./once";
import { isOnPath, mongorestore } from "./peers";
import type { Promised } from "./table";

const [one, four] = ["mongorestore, 1 worker", "mongorestore, 4 workers"];
const empty = "restore, into an empty database";
const shadows = "restore, with shadows, comparison and switch";
const copy = "copy";

/** Restores the same archive with its indexes, in turn: ours into nothing and beside what stands there, mongorestore into nothing. */
export async function benchRestores(
  client: MongoClient,
  place: Place,
  rounds: number,
  runs: Runs,
): Promise<Promised[]> {
  const compare = isOnPath("mongorestore");
  const folder = join(place.folder, "restores");
  const taken = await inProcessOfItsOwn({ ...place, folder, do: "dump", preset: "default" });
  runs.note("verify, default", { ...taken, ms: taken.verifyMs, cpuMs: Number.NaN });
  const archive = await archiveFile(join(folder, place.database));
  const ours = { ...place, do: "restore", database: copy, folder, id: taken.id } as const;
  const db = client.db(copy);
  for (let round = 0; round < rounds; round++) {
    await db.dropDatabase();
    runs.note(empty, whole(await inProcessOfItsOwn({ ...ours, drop: false }), taken));
    runs.note(shadows, whole(await inProcessOfItsOwn({ ...ours, drop: true }), taken));
    for (const [name, workers] of compare
      ? ([
          [one, 1],
          [four, 4],
        ] as const)
      : []) {
      await db.dropDatabase();
      runs.note(name, await mongorestore(place.uri, { archive, database: place.database }, copy, workers));
    }
  }
  await db.dropDatabase();
  if (!compare) return [];
  const best = "mongorestore's best";
  return [
    { what: `${empty}: speed of ${best}`, seen: runs.ratioToFaster(one, four, empty), atLeast: 1.25 },
    { what: `${shadows}: speed of ${best}`, seen: runs.ratioToFaster(one, four, shadows), atLeast: 1 },
  ];
}

function whole(restored: Once, { documents }: Once): Once {
  if (restored.documents === documents) return restored;
  throw new Error(`${restored.documents} of ${documents} documents were restored`);
}

async function archiveFile(folder: string): Promise<string> {
  const name = (await readdir(folder)).find((file) => file.endsWith(".archive.gz"));
  if (name === undefined) throw new Error(`there is no archive in ${folder}`);
  return join(folder, name);
}
