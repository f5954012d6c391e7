import { MongoClient } from "mongodb";
import { readLocalCredentials, withLogin, type DatabaseAddress } from "../../../../infra/drivers/mongo";
import { takeBackup } from "../../../../infra/engines/backup";
import { TestServer } from "../database/server";
import { seedEverything } from "./everything";

/** A local server with its users, run as production is, and a database of every kind of collection in it. */
export class GuardedServer {
  private constructor(
    readonly server: TestServer,
    readonly address: DatabaseAddress,
    readonly admin: MongoClient,
  ) {}

  static async open(): Promise<GuardedServer> {
    const server = await TestServer.open();
    const { address } = await server.ensure();
    const logins = await readLocalCredentials(server.folder);
    if (!logins) throw new Error("the local database has no logins");
    const admin = await MongoClient.connect(withLogin(address.uri, logins.admin, "admin").reveal());
    await seedEverything(admin.db("tracker"), 500);
    return new GuardedServer(server, address, admin);
  }

  take() {
    return takeBackup({ address: this.address, store: "backups", environment: "development", release: 1 });
  }

  /** The buckets of every time series of the database, which the roles read and readWrite leave out. */
  async allowBuckets(user: string, ...actions: string[]): Promise<void> {
    const privileges = [{ resource: { db: "tracker", system_buckets: "" }, actions }];
    await this.admin.db("admin").command({ createRole: `${user} buckets`, privileges, roles: [] });
    await this.admin.db("admin").command({ grantRolesToUser: user, roles: [`${user} buckets`] });
  }

  async close(): Promise<void> {
    await this.admin.close();
    await this.server.close();
  }
}
