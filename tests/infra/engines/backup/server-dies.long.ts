import { join } from "node:path";
import { MongoClient } from "mongodb";
import { readLocalCredentials, withLogin } from "../../../../infra/drivers/mongo";
import { restoreArchive, restoreState, takeBackup } from "../../../../infra/engines/backup";
import { TestServer } from "../database/server";
import { hashesOf } from "./everything";

test("a server that dies while an archive is restored keeps what stood there, and the next run succeeds", async () => {
  const server = await TestServer.open();
  const { address } = await server.ensure();
  const logins = await readLocalCredentials(server.folder);
  if (!logins) throw new Error("the local database has no logins");
  const admin = await MongoClient.connect(withLogin(address.uri, logins.admin, "admin").reveal());
  try {
    const characters = Array.from({ length: 20_000 }, (_, n) => ({ name: `hero ${n}` }));
    await admin.db("tracker").collection("characters").insertMany(characters);

    const store = join(server.root, "before a crash");
    const { id } = await takeBackup({ address, store, environment: "development", release: 1 });
    const db = admin.db("tracker");
    const archived = await hashesOf(db);
    await db.collection("characters").updateOne({}, { $set: { since: true } });
    const standing = await hashesOf(db);
    const { pid } = await server.ensure();
    const progress = (line: string) => {
      if (line.startsWith("restoring characters")) process.kill(pid, "SIGKILL");
    };
    const wanted = { store, id, to: address, drop: true };
    await expect(restoreArchive({ ...wanted, progress })).rejects.toMatchObject({
      code: "restore-database-lost",
    });
    await server.ensure();
    expect(await restoreState(address)).toMatchObject([{ phase: "loading" }]);
    expect(await hashesOf(db)).toMatchObject(standing);
    expect(await restoreArchive(wanted)).toMatchObject({ written: true });
    expect(await restoreState(address)).toMatchObject([{ phase: "kept" }]);
    expect(await hashesOf(db)).toMatchObject(archived);
  } finally {
    await admin.close();
    await server.close();
  }
}, 120_000);
