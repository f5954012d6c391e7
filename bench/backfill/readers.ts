import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

export interface ReadTimes {
  reads: number;
  p95: number;
}

/** Another client in a process of its own, which reads single documents by `_id` at a steady rate until it is stopped. */
export function watchReads(uri: string, database: string, documents: number): { stop(): Promise<ReadTimes> } {
  const child = fork(join(__dirname, "reader.cjs"), [uri, database, String(documents)]);
  return {
    async stop() {
      const answer = once(child, "message");
      child.send("stop");
      const [times] = (await answer) as [ReadTimes];
      return times;
    },
  };
}
