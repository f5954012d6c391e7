import { chmod, mkdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { projectRoot } from "../../infra/support";

/** Puts stand-ins, by the names of the programs that they play, into a folder, and gives the PATH that begins with it. */
export async function programsOnPath(folder: string, scripts: Record<string, string>): Promise<string> {
  await mkdir(folder, { recursive: true });
  const loader = join(projectRoot, "infra", "support", "typescript.cjs");
  for (const [name, script] of Object.entries(scripts)) {
    const file = join(projectRoot, "tests", "stand-ins", script);
    const lines = ["#!/bin/sh", `exec "${process.execPath}" --require "${loader}" "${file}" "$@"`, ""];
    await writeFile(join(folder, name), lines.join("\n"));
    await chmod(join(folder, name), 0o755);
  }
  return [folder, process.env.PATH ?? ""].join(delimiter);
}
