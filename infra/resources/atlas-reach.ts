import type { DatabaseAddress } from "../drivers/mongo";
import type { ClusterPlace, Leave } from "../engines/reach";
import type { Observers } from "../engines/release";

export interface ClusterReach extends ClusterPlace {
  /** The application's database. */
  database: string;
  /** Whether this machine has to let itself in, or is let in by the access list anyway. */
  lettingIn: boolean;
}

const engine = () => require("../engines/reach") as typeof import("../engines/reach");
const api = () =>
  (require("../drivers/atlas-api") as typeof import("../drivers/atlas-api")).atlasApiOf(process.env);

/** A stack's own cluster, as its program reaches it: found by name, and open to this machine while the program runs. */
export class ReachedCluster {
  #entered: Promise<void> | undefined;

  constructor(private readonly place: ClusterReach) {}

  /** Where a plan finds the database: an update is told, a preview looks. */
  readonly observe: Observers["database"] = async (known) => {
    if (known) return { state: "ready", address: known };
    const seen = await engine().observeCluster(api(), this.place);
    if (seen.state !== "ready") return seen;
    const [made] = await Promise.all([engine().usersMade(api(), this.place.project), this.#enter()]);
    // Nobody has ever logged in there: the run that made the cluster did not come to its users.
    if (!made) return { state: "new" };
    return { state: "ready", address: this.addressAt(seen.uri) };
  };

  /** The database of a cluster that is there, once this machine and all its users are let in. */
  async ready(uri: string): Promise<DatabaseAddress> {
    await this.#enter();
    const address = this.addressAt(uri);
    await engine().awaitLogins(address);
    return address;
  }

  addressAt(uri: string): DatabaseAddress {
    return { uri, name: this.place.database, credentials: "stack-key" };
  }

  #enter(): Promise<void> {
    return (this.#entered ??= this.#open());
  }

  async #open(): Promise<void> {
    if (!this.place.lettingIn) return;
    const leave = await engine().enter(this.place.project, { api: api() });
    // The steps have all ended when the program has nothing left to do.
    process.once("beforeExit", () => void quietly(leave));
  }
}

/** What stays because nobody could take it off ends by itself. */
async function quietly(leave: Leave): Promise<void> {
  await leave().catch((error: Error) =>
    process.stderr.write(`This machine stays on Atlas' access list for two hours: ${error.message}\n`),
  );
}
