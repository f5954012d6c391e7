import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A disk of a few megabytes in memory, which only root can mount. */
export class SmallDisk {
  static readonly #mounted = new Map<string, SmallDisk>();

  private constructor(
    readonly folder: string,
    private readonly megabytes: number,
  ) {}

  /** The one that is mounted there. */
  static at(folder: string): SmallDisk {
    const disk = SmallDisk.#mounted.get(folder);
    if (!disk) throw new Error(`no small disk is mounted at ${folder}`);
    return disk;
  }

  /** A text where this machine does not let it be. */
  static mount(megabytes: number): SmallDisk | string {
    const folder = mkdtempSync(join(tmpdir(), "dnd-disk-"));
    const args = ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", folder];
    const { status, stderr, error } = spawnSync("mount", args, { encoding: "utf8" });
    if (status === 0) {
      const disk = new SmallDisk(folder, megabytes);
      SmallDisk.#mounted.set(folder, disk);
      return disk;
    }
    rmSync(folder, { recursive: true, force: true });
    return `no small disk can be mounted: ${error?.message ?? stderr.trim()}`;
  }

  /** Takes all the room that is left, to the last page: the disk becomes as small as what is on it. */
  fill(): void {
    for (let attempt = 1; ; attempt++) {
      const { blocks, bfree, bsize } = statfsSync(this.folder);
      const failure = this.resize(`${(blocks - bfree) * bsize}`);
      if (failure === undefined) return;
      // Somebody has written meanwhile.
      if (attempt === 20) throw new Error(failure);
    }
  }

  /** Gives back all the room that it had. */
  free(): void {
    const failure = this.resize(`${this.megabytes}m`);
    if (failure !== undefined) throw new Error(failure);
  }

  unmount(): void {
    SmallDisk.#mounted.delete(this.folder);
    spawnSync("umount", [this.folder]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private resize(size: string): string | undefined {
    const args = ["-o", `remount,size=${size}`, this.folder];
    const { status, stderr } = spawnSync("mount", args, { encoding: "utf8" });
    return status === 0 ? undefined : `the small disk cannot be of ${size}: ${stderr.trim()}`;
  }
}
