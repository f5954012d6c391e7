import { mkdir, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { localFolder, messageOf } from "../../infra/support";
import type { DatabaseOptions } from "../named-database";
import { atOperations } from "../operations-database";
import type { Terminal } from "../terminal";
import type { Measured } from "./targets";

/** The score of a drill, as the operations remember it. */
export interface Drill {
  /** When it began. */
  _id: string;
  version: 1;
  at: Date;
  by: string;
  stack: string;
  archive: string;
  measures: Measured[];
  ok: boolean;
  /** Why it did not come to its end; null where it did. */
  error: string | null;
}

/** Keeps a score in the operations' database with a sign of life, and in a file whatever the database says. */
export async function keepScore(drill: Drill, options: DatabaseOptions, terminal: Terminal): Promise<string> {
  const folder = localFolder("drills");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${drill._id.replace(/[:.]/g, "-")}.json`);
  await writeFile(file, `${JSON.stringify(drill, null, 2)}\n`, { mode: 0o600 });
  try {
    await atOperations(options, async ({ ops }) => {
      await ops.collection<Drill>("drills").replaceOne({ _id: drill._id }, drill, { upsert: true });
      if (drill.error !== null) return;
      const beat = {
        version: 1,
        at: new Date(),
        by: drill.by,
        note: drill.ok ? "within targets" : "over a target",
      };
      await ops
        .collection<{ _id: string }>("heartbeats")
        .updateOne({ _id: "drill" }, { $set: beat }, { upsert: true });
    });
  } catch (error) {
    terminal.say(`! the score stands in ${file} alone: ${messageOf(error)}`);
  }
  return file;
}

/** A score before anything was measured. */
export function begun(stack: string, archive: string, at: Date): Drill {
  const by = userInfo().username;
  return { _id: at.toISOString(), version: 1, at, by, stack, archive, measures: [], ok: false, error: null };
}
