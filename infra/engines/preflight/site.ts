import type { Db, MongoClient } from "mongodb";
import { connect, opsDatabaseName, type DatabaseAddress } from "../../drivers/mongo";
import { OperatorError } from "../../support";
import type { Neighbours } from "./neighbours";
import type { PreflightWishes } from "./wishes";

/** Everything that a gate may look at. */
export interface Site {
  wishes: PreflightWishes;
  neighbours: Neighbours;
  /** Null where there is no database, or it does not answer. */
  server: Server | null;
  /** Why it does not answer; null where it does, or where there is none yet. */
  serverProblem: { message: string; remedy: string } | null;
  now: Date;
  signal: AbortSignal;
}

export interface Server {
  client: MongoClient;
  database: Db;
  ops: Db;
}

/** Works at a site whose database is open for all that look at it, and closes it. */
export async function atSite<T>(
  given: Omit<Site, "server" | "serverProblem">,
  work: (site: Site) => Promise<T>,
): Promise<T> {
  const site = await openSite(given);
  try {
    return await work(site);
  } finally {
    await site.server?.client.close();
  }
}

/** A database that does not answer is what they find. */
async function openSite(given: Omit<Site, "server" | "serverProblem">): Promise<Site> {
  const { address, addressProblem } = given.wishes;
  if (!address) return { ...given, server: null, serverProblem: addressProblem };
  try {
    const client = await connect(watching(address), "migration", {
      signal: given.signal,
      appName: "dnd-preflight",
    });
    const server = {
      client,
      database: client.db(address.name),
      ops: client.db(opsDatabaseName(address.name)),
    };
    return { ...given, server, serverProblem: null };
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    const { message, remedy } = error;
    return { ...given, server: null, serverProblem: { message: message.split("\n")[0] ?? "", remedy } };
  }
}

/** Of a local server its administrator may ask for the state of the server; elsewhere the roles of the user decide. */
function watching(address: DatabaseAddress): DatabaseAddress {
  return address.credentials === "local" ? { ...address, credentials: "local-admin" } : address;
}
