import { PrunedFolder } from "./pruned-folder";
import { SmallDatabase } from "./small-database";

test("a prune killed before any of its deletions lists nothing that is not good, and the next one ends it", async () => {
  const small = await SmallDatabase.open("backup_killed_prune");
  const full = await PrunedFolder.open(small);
  let deletions = 0;
  try {
    for (let ended = false; !ended; deletions++) {
      const pruned = await full.copy();
      ended = !(await pruned.kill(deletions));
      expect(await pruned.proveListed()).toContain(pruned.newest);
      const left = ["archive.gz", "json", "verified.json"].map((ending) => `${pruned.newest}.${ending}`);
      expect(await pruned.pruneAgain()).toEqual([...left, "latest.json"]);
      await pruned.close();
    }
  } finally {
    await full.close();
    await small.close();
  }
  expect(deletions).toBeGreaterThan(8);
}, 300_000);
