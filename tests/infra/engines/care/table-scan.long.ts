import { MongoMemoryReplSet } from "mongodb-memory-server-core";
import { MongoClient } from "mongodb";
import { openRebuilds, rebuildIndex } from "../../../../infra/engines/care";

test("where no query may go without an index, each is served while another is rebuilt, or nothing is done", async () => {
  const server = await MongoMemoryReplSet.create({
    replSet: { count: 1, storageEngine: "wiredTiger" },
    instanceOpts: [{ args: ["--setParameter", "notablescan=1"] }],
    binary: { systemBinary: process.env.DND_MONGOD ?? "mongod", version: "6.0.5", checkMD5: false },
  });
  const client = await MongoClient.connect(server.getUri());
  try {
    const [db, ops] = [client.db("care"), client.db("care_ops")];
    const heroes = db.collection("heroes");
    await heroes.insertMany(Array.from({ length: 5000 }, (_, hp) => ({ hp, name: `hero ${hp}` })));
    await heroes.createIndex({ hp: 1 });
    await heroes.createIndex({ name: "text" });
    let served = 0;
    let asking = true;
    const asker = (async () => {
      while (asking) {
        if ((await heroes.findOne({ hp: 7 })) === null) throw new Error("a hero was missing");
        served += 1;
      }
    })();
    const done = await rebuildIndex({ db, ops, name: "hp_1" });
    asking = false;
    await asker;
    expect(done).toMatchObject({ covering: "hp_1_covering" });
    expect(served).toBeGreaterThan(0);
    await expect(rebuildIndex({ db, ops, name: "name_text" })).rejects.toMatchObject({
      code: "index-not-rebuilt",
      exitCode: 3,
    });
    expect(await openRebuilds(ops)).toEqual([]);
    expect((await heroes.indexes()).map(({ name }) => name).sort()).toEqual(["_id_", "hp_1", "name_text"]);
  } finally {
    await client.close();
    await server.stop();
  }
});
