import { readFile } from "node:fs/promises";
import { printResult, type Terminal } from "../terminal";
import type { FlyOptions } from "./options";
import { appSettingsOf } from "./settings";

/** Writes the fly.toml that says what a stack's settings say of its machines. */
export async function toml(options: FlyOptions, terminal: Terminal): Promise<number> {
  const { machinesWanted } = require("../../stacks/fly") as typeof import("../../stacks/fly");
  const { writeFlyToml } = require("../../infra/engines/fly") as typeof import("../../infra/engines/fly");
  const { toml: wanted } = machinesWanted(await appSettingsOf(options));
  const text = typeof wanted === "string" ? await readFile(wanted, "utf8") : writeFlyToml(wanted);
  printResult(terminal, { toml: text }, () => text.trimEnd());
  return 0;
}
