import { MongoServerError } from "mongodb";
import { MemoryStore, type PendingObject } from "../../../../infra/drivers/store";
import { describeArchive } from "../../../../infra/engines/backup";
import { SmallDatabase } from "./small-database";

let small: SmallDatabase;
let warned: string[];

beforeAll(async () => {
  small = await SmallDatabase.open("backup_provider_snapshot");
});
beforeEach(async () => {
  warned = [];
  await small.reset();
});
afterAll(() => small.close());

const warn = (message: string) => void warned.push(message);
const manifestOf = async (id: string) => (await describeArchive(small.store, id)).manifest;

/** A store during whose first upload the servers choose another primary. */
class PassingFault extends MemoryStore {
  uploads = 0;

  override async create(name: string): Promise<PendingObject> {
    const pending = await super.create(name);
    if (!name.includes(".archive") || this.uploads++ > 0) return pending;
    const commit = () => Promise.reject(new MongoServerError({ message: "not primary", code: 189 }));
    return { ...pending, commit };
  }
}

describe("the provider's own snapshot", () => {
  test("is begun beside the archive, once, and its id stands in the manifest", async () => {
    let begun = 0;
    const startSnapshot = () => Promise.resolve(`snapshot-${++begun}`);
    const { id } = await small.take({ startSnapshot, warn });
    expect(await manifestOf(id)).toMatchObject({ documentVersion: 1, atlasSnapshot: "snapshot-1" });
    expect(warned).toEqual([]);
  });

  test("is begun once, however many attempts the archive takes", async () => {
    let begun = 0;
    const store = new PassingFault();
    const startSnapshot = () => Promise.resolve(`snapshot-${++begun}`);
    const { id } = await small.take({ store, startSnapshot });
    expect(store.uploads).toBe(2);
    expect((await describeArchive(store, id)).manifest.atlasSnapshot).toBe("snapshot-1");
  });

  test("is told where it cannot be begun, and takes nothing from the archive", async () => {
    const startSnapshot = () => Promise.reject(new Error("the tier has none"));
    const { id, verified } = await small.take({ startSnapshot, warn });
    expect(verified).toBe(true);
    expect((await manifestOf(id)).atlasSnapshot).toBeNull();
    expect(warned).toEqual(["no snapshot was begun beside the archive: the tier has none"]);
  });

  test("hears that the backup is interrupted, and is no reason for a warning then", async () => {
    const stop = new AbortController();
    const reason = new Error("enough");
    const startSnapshot = (signal: AbortSignal) =>
      new Promise<string>((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(reason), { once: true });
        stop.abort(reason);
      });
    await expect(small.take({ startSnapshot, warn, signal: stop.signal })).rejects.toThrow("enough");
    expect(warned).toEqual([]);
    expect([...small.store.objects.keys()]).toEqual([]);
  });

  test("is not asked for where nobody wants one", async () => {
    const { id } = await small.take({ warn });
    expect((await manifestOf(id)).atlasSnapshot).toBeNull();
  });
});
