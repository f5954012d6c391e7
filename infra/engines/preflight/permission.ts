import { MongoServerError } from "mongodb";
import { unknown, type Finding } from "./gate";
import type { Server, Site } from "./site";

const notAuthorised = 13;

/** Asks the server something that its user may not be allowed to ask. */
export async function asked(
  { server, serverProblem }: Site,
  ask: (server: Server) => Promise<Finding>,
): Promise<Finding> {
  if (!server) {
    return serverProblem
      ? unknown("the database does not answer", serverProblem.remedy)
      : { state: "ok", reason: "there is no database yet: this release makes it", remedy: null };
  }
  try {
    return await ask(server);
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.code !== notAuthorised) throw error;
    return unknown(
      "the user of the database may not ask for it",
      "Give the user that releases the role clusterMonitor.",
    );
  }
}
