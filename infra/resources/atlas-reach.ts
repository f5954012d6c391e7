import type { DatabaseAddress } from "../drivers/mongo";
import type { FlyWay } from "../drivers/outpost";
import type { ClusterPlace, Leave } from "../engines/reach";
import type { Observers } from "../engines/release";
import { OperatorError } from "../support";
import { useFlyOutposts } from "./outposts";

export interface ClusterReach extends ClusterPlace {
  /** The application's database. */
  database: string;
  /** Whether this machine has to let itself in, or is let in by the access list anyway. */
  lettingIn: boolean;
  /** This machine must not come to it at all: a machine of the app at Fly goes there. */
  outpost?: Outposts | undefined;
}

export interface Outposts {
  way: FlyWay;
  /** What it runs, with its digest; undefined in the preview of an image that is yet to be built. */
  image: () => Promise<string | undefined>;
  /** The app is there, and what leaves it is let in. */
  admitted: Promise<void>;
}

const engine = () => require("../engines/reach") as typeof import("../engines/reach");
const api = () =>
  (require("../drivers/atlas-api") as typeof import("../drivers/atlas-api")).atlasApiOf(process.env);

/** A stack's own cluster, as its program reaches it: found by name, and open to this machine while the program runs. */
export class ReachedCluster {
  #entered: Promise<void> | undefined;

  constructor(private readonly place: ClusterReach) {
    if (place.outpost) useFlyOutposts(place.outpost.image);
  }

  /** Where a plan finds the database: an update is told, a preview looks. */
  readonly observe: Observers["database"] = async (known) => {
    if (known) return { state: "ready", address: known };
    const seen = await engine().observeCluster(api(), this.place);
    if (seen.state !== "ready") return seen;
    const [made] = await Promise.all([engine().usersMade(api(), this.place.project), this.#enter()]);
    // Nobody has ever logged in there: the run that made the cluster did not come to its users.
    if (!made) return { state: "new" };
    const why = await this.#whyNoOutpost();
    return why === undefined ? { state: "ready", address: this.addressAt(seen.uri) } : { state: "down", why };
  };

  /** The database of a cluster that is there, once this machine and all its users are let in. */
  async ready(uri: string): Promise<DatabaseAddress> {
    await this.#enter();
    await this.place.outpost?.admitted;
    const address = this.addressAt(uri);
    await engine().awaitLogins(address);
    return address;
  }

  addressAt(uri: string): DatabaseAddress {
    const { database: name, outpost } = this.place;
    return { uri, name, credentials: "stack-key", ...(outpost && { through: outpost.way }) };
  }

  /** Before the first update there is no app that a machine could be of. */
  async #whyNoOutpost(): Promise<string | undefined> {
    const { outpost } = this.place;
    if (!outpost) return undefined;
    const { outpostAt } = require("../drivers/outpost") as typeof import("../drivers/outpost");
    try {
      await outpostAt(outpost.way);
      return undefined;
    } catch (error) {
      if (!(error instanceof OperatorError) || !yetToCome.has(error.code)) throw error;
      return `the database is looked at from Fly, where ${outpost.way.app} has no machine yet: the update makes the plan`;
    }
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

const yetToCome = new Set(["outpost-no-image", "fly-not-found"]);

/** What stays because nobody could take it off ends by itself. */
async function quietly(leave: Leave): Promise<void> {
  await leave().catch((error: Error) =>
    process.stderr.write(`This machine stays on Atlas' access list for two hours: ${error.message}\n`),
  );
}
