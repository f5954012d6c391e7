import { connectionsFit, formatDuration, formatSize } from "../../support";
import { fail, note, ok, warn, type Gate } from "./gate";
import { asked } from "./permission";

const slowPingMs = 1000;
const pressing = { warn: 50, fail: 75 };
const diskPercent = { warn: 80, fail: 95 };

/** The database answers, from the member that takes writes. */
const answering: Gate = {
  name: "database",
  onRollback: true,
  look(site) {
    const { serverProblem } = site;
    if (serverProblem) return fail(serverProblem.message, serverProblem.remedy);
    return asked(site, async ({ client, database }) => {
      const hello = await client.db("admin").command({ hello: 1 });
      if (hello.isWritablePrimary !== true)
        return fail(
          "no member takes writes",
          "Wait for the election, or look at the members of the cluster.",
        );
      const started = performance.now();
      await database.command({ ping: 1 });
      const took = performance.now() - started;
      const found = `answers in ${formatDuration(took)}`;
      return took > slowPingMs
        ? note(found, "Look at the load of the server and at the network.")
        : ok(found);
    });
  },
};

/** What is tried in one stack is tried on the server of the others; Atlas itself chooses that of a free tier. */
const version: Gate = {
  name: "database version",
  look: (site) =>
    asked(site, async ({ client }) => {
      const { version: serves } = (await client.db("admin").command({ buildInfo: 1 })) as { version: string };
      const { version: wanted = null } = site.wishes;
      if (wanted === null) return ok(`${serves} serves, and the settings name none`);
      if (serves.startsWith(`${wanted}.`)) return ok(`${serves} serves`);
      return note(
        `${serves} serves, the settings name ${wanted}`,
        "Atlas chooses the version of a free or flex tier: set database.version to it in every stack, or take a dedicated tier.",
      );
    }),
};

/** Few enough connections are open, and those of the new machines beside the old ones fit as well. */
const connections: Gate = {
  name: "connections",
  look: (site) =>
    asked(site, async ({ client }) => {
      const { connections: seen } = (await client.db("admin").command({ serverStatus: 1 })) as {
        connections: { current: number; available: number };
      };
      const total = seen.current + seen.available;
      const percent = (seen.current / total) * 100;
      const found = `${seen.current} of ${total} are open`;
      const remedy = "Look who holds them (`db.currentOp(true)`), or take a larger tier.";
      if (percent > pressing.fail) return fail(found, remedy);
      const needed = site.wishes.connections;
      const wanted = `machines and runs may open ${needed} during a release, the server takes ${total}`;
      const fewer = "Run fewer machines, or take a tier with more connections.";
      const fit = connectionsFit(needed, total);
      if (fit === "not") return fail(wanted, fewer);
      if (fit === "tightly") return warn(wanted, fewer);
      return percent > pressing.warn ? warn(found, remedy) : ok(`${found}, ${wanted}`);
    }),
};

/** The disk of the database has room for what a migration writes. */
const size: Gate = {
  name: "database size",
  look: (site) =>
    asked(site, async ({ database }) => {
      const stats = await database.command({ dbStats: 1 });
      const [used, all] = [Number(stats.fsUsedSize ?? 0), Number(stats.fsTotalSize ?? 0)];
      const found = `${formatSize(Number(stats.dataSize))} of documents`;
      if (all === 0) return ok(`${found}; the server does not say how full its disk is`);
      const percent = Math.round((used / all) * 100);
      const told = `${found}, the disk of the server is ${percent}% full`;
      const remedy = "Make room, or a larger disk: a full one stops every write.";
      if (percent >= diskPercent.fail) return fail(told, remedy);
      return percent >= diskPercent.warn ? warn(told, remedy) : ok(told);
    }),
};

export const databaseGates: readonly Gate[] = [answering, version, connections, size];
