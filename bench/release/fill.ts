import { MongoClient } from "mongodb";

const batch = 2000;
const words =
  "the goblin falls back into shadow while its companions draw rusted blades roll for initiative".split(" ");

/** Fills a collection that no migration knows, of so many megabytes; gives the bytes of the whole database. */
export async function fillDatabase(uri: string, name: string, megabytes: number): Promise<number> {
  const client = await MongoClient.connect(uri);
  try {
    const db = client.db(name);
    const turns = db.collection("turns");
    for (let n = 0; ;) {
      const { dataSize } = await db.command({ dbStats: 1 });
      if (Number(dataSize) >= megabytes * 1e6) return Number(dataSize);
      await turns.insertMany(
        Array.from({ length: batch }, () => turn(n++)),
        { ordered: false },
      );
    }
  } finally {
    await client.close();
  }
}

/** The same in every run, and about as compressible as what players write. */
function turn(n: number): object {
  const told = Array.from({ length: 60 }, (_, word) => words[(n * 7 + word * (1 + (n % 11))) % words.length]);
  return { round: n % 40, actor: `hero ${n % 977}`, roll: (n * 7919) % 20, story: told.join(" ") };
}
