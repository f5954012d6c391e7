import { existsSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { projectRoot } from "../../infra/support";

/** The versions of the migrations in a folder of the checkout; in a container, those that the app was told of. */
export function versionsIn(folder: string): string[] {
  const path = resolve(projectRoot, folder);
  if (!existsSync(path)) return (process.env.MIGRATIONS ?? "").split(",").flatMap((one) => one.trim() || []);
  return readdirSync(path).flatMap((name) => /^(\d{14})-.+\.(?:ts|js|cjs|mjs)$/.exec(name)?.[1] ?? []);
}
