import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listArchives, proveArchive, pruneArchives } from "../../../../infra/engines/backup";
import { isKilled } from "./killed-process";
import type { SmallDatabase } from "./small-database";

/** A folder with archives of which retention keeps the newest alone, and what becomes of it under a prune that is killed. */
export class PrunedFolder {
  private constructor(
    readonly folder: string,
    private readonly name: string,
    readonly newest: string,
  ) {}

  static async open(small: SmallDatabase): Promise<PrunedFolder> {
    const folder = await newFolder();
    const ids: string[] = [];
    for (const release of [1, 2, 3]) {
      const { id } = await small.take({ store: folder, release });
      await proveArchive(folder, id, { kind: "checksum" });
      ids.push(id);
    }
    return new PrunedFolder(folder, small.name, ids[2] ?? "");
  }

  /** Another one like it. */
  async copy(): Promise<PrunedFolder> {
    const folder = await newFolder();
    await cp(this.folder, folder, { recursive: true, preserveTimestamps: true });
    return new PrunedFolder(folder, this.name, this.newest);
  }

  /** False when it ended before that many deletions. */
  kill(deletions: number): Promise<boolean> {
    const wanted = { store: this.folder, deletions, now: later().toISOString() };
    return isKilled("killed-prune.ts", { PRUNE: JSON.stringify(wanted) });
  }

  /** Throws where one lists as good and is not. */
  async proveListed(): Promise<string[]> {
    const listed = await listArchives(this.folder);
    for (const { id } of listed) await proveArchive(this.folder, id, { kind: "checksum" });
    return listed.map(({ id }) => id);
  }

  async pruneAgain(): Promise<string[]> {
    const needed = { ids: [], releases: [] };
    await pruneArchives({ store: this.folder, rules: { last: 1, days: 1 }, needed, now: later() });
    return (await readdir(join(this.folder, this.name))).sort();
  }

  close(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}

const newFolder = () => mkdtemp(join(tmpdir(), "dnd-pruned-"));
const later = () => new Date(Date.now() + 10 * 86_400_000);
