import { MongoClient, type Db } from "mongodb";
import { MemoryStore } from "../../../../infra/drivers/store";
import { takeBackup, type ArchiveSummary, type BackupWanted } from "../../../../infra/engines/backup";

/** A database of a suite's own with a few documents, a place to restore to, and a store that can be broken. */
export class SmallDatabase {
  store = new MemoryStore();

  private constructor(
    readonly client: MongoClient,
    readonly name: string,
  ) {}

  static async open(name: string): Promise<SmallDatabase> {
    const small = new SmallDatabase(await MongoClient.connect(process.env.TEST_MONGODB_URI ?? ""), name);
    await small.source.dropDatabase();
    await small.source.collection("heroes").insertMany([{ name: "Ada" }, { name: "Bo" }]);
    await small.source.createCollection("empty");
    await small.reset();
    return small;
  }

  get source(): Db {
    return this.client.db(this.name);
  }

  get copy(): Db {
    return this.client.db(`${this.name}_copy`);
  }

  addressOf(db: Db) {
    return { uri: process.env.TEST_MONGODB_URI ?? "", name: db.databaseName, credentials: "none" } as const;
  }

  async reset(): Promise<void> {
    this.store = new MemoryStore();
    await this.copy.dropDatabase();
  }

  take(wanted: Partial<BackupWanted> = {}): Promise<ArchiveSummary> {
    const { store, source } = this;
    const address = this.addressOf(source);
    return takeBackup({ address, store, environment: "development", release: 1, ...wanted });
  }

  /** The object that holds the archive itself, or its manifest. */
  nameOf(archive: ArchiveSummary, ending: "archive.gz" | "json"): string {
    return `${this.name}/${archive.id}.${ending}`;
  }

  /** Puts an object in the place of another one, as a fault or somebody might. */
  change(name: string, change: (bytes: Buffer) => Buffer): void {
    this.store.objects.set(name, change(this.store.objects.get(name) ?? Buffer.alloc(0)));
  }

  async close(): Promise<void> {
    await this.source.dropDatabase();
    await this.copy.dropDatabase();
    await this.client.close();
  }
}
