import { restoreArchive, verifyArchive } from "../../../../infra/engines/backup";
import { SmallDatabase } from "./small-database";

test("each byte of an archive that is another one is found, and nothing is restored", async () => {
  const small = await SmallDatabase.open("backup_every_byte");
  try {
    const archive = await small.take();
    const name = small.nameOf(archive, "archive.gz");
    const bytes = small.store.objects.get(name) ?? Buffer.alloc(0);
    expect(bytes.length).toBeGreaterThan(100);
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 0x10;
      small.store.objects.set(name, changed);
      const refused = { code: "archive-damaged" };
      await expect(verifyArchive(small.store, archive.id)).rejects.toMatchObject(refused);
      const restore = restoreArchive({ store: small.store, id: archive.id, to: small.addressOf(small.copy) });
      await expect(restore).rejects.toMatchObject(refused);
    }
    expect(await small.copy.listCollections().toArray()).toEqual([]);
    small.store.objects.set(name, bytes);
    expect(await verifyArchive(small.store, archive.id)).toEqual(archive);
  } finally {
    await small.close();
  }
}, 300_000);
