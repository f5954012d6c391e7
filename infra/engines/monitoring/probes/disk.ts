import { statfs } from "node:fs/promises";
import type { Figure } from "../figure";
import type { Probe } from "./probe";

/** Probes how full the disk is that a folder lies on. */
export function diskProbe(subject: string, folder: string): Probe {
  return {
    name: `disk of ${subject}`,
    look: async (at) => {
      const { blocks, bavail } = await statfs(folder);
      return [diskFigure(subject, { blocks, free: bavail }, at)];
    },
  };
}

/** How much of a disk is used, counting what only the administrator may use as used. */
export function diskFigure(
  subject: string,
  { blocks, free }: { blocks: number; free: number },
  at: Date,
): Figure {
  return { name: "diskPercent", subject, value: blocks === 0 ? 0 : (100 * (blocks - free)) / blocks, at };
}
