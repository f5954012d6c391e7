import { peakMemory } from "../../../../bench/shared/peak-memory";
import { copyArchive, restoreArchive, takeBackup, verifyArchive } from "../../../../infra/engines/backup";

// Does one thing with a store in a process of its own; tells as one line of JSON how much memory that took.

const [, , action = "", store = "", name = "", id = ""] = process.argv;
const address = (database: string) =>
  ({ uri: process.env.TEST_MONGODB_URI ?? "", name: database, credentials: "none" }) as const;

const actions: Record<string, () => Promise<{ id: string }>> = {
  backup: () =>
    takeBackup({ address: address(name), store, environment: "test", release: 1, preset: "fast" }),
  verify: () => verifyArchive(store, id),
  restore: async () => {
    await restoreArchive({ store, id, to: address(`${name}_copy`), drop: true });
    return { id };
  },
  copy: async () => {
    await copyArchive({ from: store, to: store.replace("/memory", "/memory-copy"), id });
    return { id };
  },
};

void actions[action]?.().then((done) => console.log(JSON.stringify({ id: done.id, rss: peakMemory() })));
