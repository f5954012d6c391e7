import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A disk of a few megabytes in memory, which only root can mount. */
export class SmallDisk {
  private constructor(readonly folder: string) {}

  /** A text where this machine does not let it be. */
  static mount(megabytes: number): SmallDisk | string {
    const folder = mkdtempSync(join(tmpdir(), "dnd-disk-"));
    const args = ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", folder];
    const { status, stderr, error } = spawnSync("mount", args, { encoding: "utf8" });
    if (status === 0) return new SmallDisk(folder);
    rmSync(folder, { recursive: true, force: true });
    return `no small disk can be mounted: ${error?.message ?? stderr.trim()}`;
  }

  unmount(): void {
    spawnSync("umount", [this.folder]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
