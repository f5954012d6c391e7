import { FolderStore } from "../../../../infra/drivers/store";
import { pruneArchives } from "../../../../infra/engines/backup";

// A process of its own that prunes a folder and is killed when so many deletions are done.
const { store, deletions, now } = JSON.parse(process.env.PRUNE ?? "") as {
  store: string;
  deletions: number;
  now: string;
};

class DeadlyStore extends FolderStore {
  #done = 0;

  override async delete(name: string): Promise<void> {
    if (this.#done++ === deletions) process.kill(process.pid, "SIGKILL");
    await super.delete(name);
  }
}

void pruneArchives({
  store: new DeadlyStore(store),
  rules: { last: 1, days: 1 },
  needed: { ids: [], releases: [] },
  now: new Date(now),
});
