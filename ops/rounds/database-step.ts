import { act, note, ok, type Finding } from "../../infra/engines/rounds";
import type { RoundStep } from "./step";

/** Indexes, sizes, slow queries and connections; the sizes are kept, so that the next round tells the growth. */
export const databaseCare: RoundStep = {
  name: "database",
  title: "Indexes, sizes, slow queries, connections",
  look: ({ withOps, signal }) =>
    withOps(async (ops, app) => {
      const { lookAtDatabase } = require("../care") as typeof import("../care");
      const care = require("../../infra/engines/care") as typeof import("../../infra/engines/care");
      const seen = await lookAtDatabase(app, ops, signal);
      await care.rememberSizes(ops, seen.sizes);
      const { connections, findings, slow, unfinished } = seen;
      const missing = slow.queries.filter((query) => query.missing !== null);
      const found: Finding[] = [
        ...unfinished.map(({ _id }) =>
          act(_id, "its rebuild was begun and not ended", `\`dnd ops indexes --rebuild ${_id}\` ends it.`),
        ),
        ...findings.map(({ collection, index, why }) =>
          note(`${collection}.${index}`, why, "Drop it with a migration, after a look at who asks by it."),
        ),
        ...missing.map(({ collection, shape, count }) =>
          note(
            collection,
            `${count} slow queries by ${shape} have no index`,
            "`dnd ops indexes` names the one that they lack.",
          ),
        ),
        ...(connections && connections.percent > 80
          ? [
              act(
                "connections",
                `${connections.percent.toFixed(0)} % are in use`,
                "Fewer machines, smaller pools, or a larger tier.",
              ),
            ]
          : []),
      ];
      return found.length > 0 ? found : [ok("database", "nothing to be done")];
    }),
};
