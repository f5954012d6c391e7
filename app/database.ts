import { setTimeout as sleep } from "node:timers/promises";
import { MongoClient, type Db } from "mongodb";
import type { Logger } from "pino";
import { watchPool, type WatchedPool } from "../infra/engines/health";
import { poolOfMachine, type Secret } from "../infra/support";

const pauseMs = 500;

/** The app's connection: it opens behind the app's back, and comes back by itself after an outage. */
export class Database {
  /** How full the pool of connections is. */
  readonly pool: WatchedPool;
  readonly #client: MongoClient;
  readonly #name: string;
  readonly #closing = new AbortController();

  constructor(uri: Secret, name: string, log: Logger) {
    this.#name = name;
    this.#client = new MongoClient(uri.reveal(), {
      appName: "dnd-tracker",
      maxPoolSize: poolOfMachine,
      // A player rather reads "try again" than waits: a failover takes longer than anybody looks at a page.
      serverSelectionTimeoutMS: 1500,
      connectTimeoutMS: 1500,
      socketTimeoutMS: 10_000,
    });
    this.pool = watchPool(this.#client);
    void this.#open(log);
  }

  /** Characters, parties, encounters and the journal of migrations. */
  get app(): Db {
    return this.#client.db(this.#name);
  }

  /** The operations' own database, of which the app may read all, write figures and resolve alerts. */
  get operations(): Db {
    return this.#client.db(`${this.#name}_ops`);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#client.close();
  }

  /** The driver mends every outage but the first: a client whose first connection failed stays closed until asked again. */
  async #open(log: Logger): Promise<void> {
    for (let told = false; !this.#closing.signal.aborted; told = true) {
      try {
        await this.#client.connect();
        log.info("connected to the database");
        return;
      } catch (error) {
        if (!told && !this.#closing.signal.aborted)
          log.warn({ err: error }, "the database cannot be reached yet");
        await sleep(pauseMs, undefined, { signal: this.#closing.signal }).catch(() => undefined);
      }
    }
  }
}
