import { Binary, type Db } from "mongodb";
import { MemoryStore, type PendingObject } from "../../../../infra/drivers/store";

/** So many documents that an archive's first bytes are written before its last documents are read. */
export async function seedBulk(db: Db, collection: string): Promise<void> {
  const documents = Array.from({ length: 10 }, () => ({ data: new Binary(Buffer.alloc(1_000_000, 1)) }));
  await db.collection(collection).insertMany(documents);
}

/** Does something in the middle of each dump, and lets the dump wait for it. */
export class BusyStore extends MemoryStore {
  dumps = 0;

  constructor(private readonly inTheMiddle: (dump: number) => Promise<unknown>) {
    super();
  }

  override async create(name: string): Promise<PendingObject> {
    const pending = await super.create(name);
    const dump = ++this.dumps;
    let done = false;
    const write = async (bytes: Uint8Array) => {
      if (!done) await this.inTheMiddle(dump);
      done = true;
      await pending.write(bytes);
    };
    return { ...pending, write };
  }
}
