import { gzipSync } from "node:zlib";
import { restoreArchive, verifyArchive } from "../../../../infra/engines/backup";
import { blockEdges } from "./block-edges";
import { seedEverything } from "./everything";
import { SmallDatabase } from "./small-database";

test("an archive of everything cut off at any edge of its blocks is refused, plain and packed", async () => {
  const small = await SmallDatabase.open("backup_every_edge");
  try {
    await seedEverything(small.source, 5);
    await small.source.collection("odd").deleteOne({ _id: "large" as never });
    await small.source.dropCollection("fs.chunks");
    const { id } = await small.take({ preset: "none" });
    const name = `${small.name}/${id}.archive`;
    const whole = small.store.objects.get(name) ?? Buffer.alloc(0);
    const edges = blockEdges(whole);
    expect(edges.length).toBeGreaterThan(60);
    const refused = { code: "archive-damaged" };
    const to = small.addressOf(small.copy);
    for (const { at } of edges) {
      const cut = whole.subarray(0, at);
      small.store.objects.set(name, cut);
      await expect(verifyArchive(small.store, id)).rejects.toMatchObject(refused);
      await expect(restoreArchive({ store: small.store, id, to })).rejects.toMatchObject(refused);
      for (const foreign of [cut, gzipSync(cut)]) {
        const restored = restoreArchive({ bytes: bytesOf(foreign), to, dryRun: true });
        await expect(restored).rejects.toMatchObject(refused);
      }
    }
    expect(await small.copy.listCollections().toArray()).toEqual([]);
  } finally {
    await small.close();
  }
}, 600_000);

async function* bytesOf(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
