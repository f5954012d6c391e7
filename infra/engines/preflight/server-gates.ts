import type { Document } from "mongodb";
import { formatDuration } from "../../support";
import { fail, note, ok, unknown, warn, type Gate } from "./gate";
import { asked } from "./permission";

const longRunningSeconds = 60;
const lagMs = { warn: 10_000, fail: 60_000 };
const shortOplogMs = 24 * 3_600_000;

/** Nothing runs for so long that a migration or an election would wait for it. */
const blocking: Gate = {
  name: "blocking operations",
  look: (site) =>
    asked(site, async ({ client }) => {
      const running = await client
        .db("admin")
        .aggregate([
          { $currentOp: { allUsers: true } },
          { $match: { active: true, secs_running: { $gt: longRunningSeconds }, op: { $ne: "none" } } },
          { $project: { ns: 1, op: 1, secs_running: 1, waitingForLock: 1, appName: 1 } },
          { $limit: 20 },
        ])
        .toArray();
      const felt = running.filter(({ ns }) => isOurs(String(ns), site.wishes.address?.name ?? ""));
      if (felt.length === 0) return ok(`nothing runs longer than ${longRunningSeconds}s`);
      return warn(
        felt.map(toldOf).join("; "),
        "Wait until it has ended, or end it (`db.killOp`) where it is nobody's.",
      );
    }),
};

function isOurs(ns: string, name: string): boolean {
  return ns.startsWith(`${name}.`) && !ns.startsWith(`${name}_ops.`);
}

function toldOf({ op, ns, secs_running: seconds, waitingForLock }: Document): string {
  return `${String(op)} on ${String(ns)} for ${formatDuration(Number(seconds) * 1000)}${waitingForLock ? ", waiting for a lock" : ""}`;
}

interface Member {
  name: string;
  stateStr: string;
  optimeDate?: Date;
}

/** Every member has what the first one has, so that an election in the middle loses nothing and nobody waits. */
const replication: Gate = {
  name: "replication lag",
  look: (site) =>
    asked(site, async ({ client }) => {
      const { members } = (await client.db("admin").command({ replSetGetStatus: 1 })) as {
        members: Member[];
      };
      const primary = members.find(({ stateStr }) => stateStr === "PRIMARY");
      const behind = members.filter(({ stateStr }) => stateStr === "SECONDARY");
      const away = members.filter(({ stateStr }) => !["PRIMARY", "SECONDARY", "ARBITER"].includes(stateStr));
      if (away.length > 0)
        return warn(
          `${away.map(({ name, stateStr }) => `${name} is ${stateStr}`).join(", ")}`,
          "Bring the member back first: a release is no time for an election without a choice.",
        );
      if (behind.length === 0) return ok("one member alone: nothing can lag");
      const lag = Math.max(...behind.map((one) => Number(primary?.optimeDate) - Number(one.optimeDate)));
      const found = `the slowest member is ${formatDuration(Math.max(0, lag))} behind`;
      if (lag > lagMs.fail) return fail(found, "Wait until the member has caught up.");
      return lag > lagMs.warn ? warn(found, "Wait until the member has caught up.") : ok(found);
    }),
};

/** The server's own history reaches back far enough to tell what was written since an archive. */
const oplog: Gate = {
  name: "oplog window",
  look: (site) =>
    asked(site, async ({ client }) => {
      const entries = client.db("local").collection<{ ts: { t: number } }>("oplog.rs");
      const [first, last] = await Promise.all(
        ([1, -1] as const).map((order) =>
          entries.findOne({}, { sort: { $natural: order }, projection: { ts: 1 } }),
        ),
      );
      if (!first || !last) return unknown("it is empty", "Look whether the server is a replica set.");
      const ms = (last.ts.t - first.ts.t) * 1000;
      const hours = Math.round(ms / 3_600_000);
      if (ms >= shortOplogMs) return ok(`reaches back ${hours} hours`);
      const { maxSize = 0, size = 0 } = await client.db("local").command({ collStats: "oplog.rs" });
      // One that is not full yet has forgotten nothing.
      if (Number(size) < Number(maxSize) * 0.8) return ok("has forgotten nothing yet");
      return note(
        `reaches back ${hours} hours`,
        "Make it larger: what was written since an archive cannot be counted past it.",
      );
    }),
};

export const serverGates: readonly Gate[] = [blocking, replication, oplog];
