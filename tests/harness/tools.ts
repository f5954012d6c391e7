import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** A server or tool that tests use and no npm package holds; `npm test` puts those that can be had behind PATH. */
export function findTool(name: string): string | undefined {
  const places = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return places.map((place) => join(place, name)).find(isExecutable);
}

/** A browser of the Chromium family, under whichever name this machine has it. */
export function findBrowser(): string | undefined {
  return ["chromium", "chromium-browser", "google-chrome"].map(findTool).find((path) => path !== undefined);
}

/** `describe` where nothing stands against it; elsewhere the block is skipped, with the reason in its name. */
export function describeUnless(reason: string | undefined): (name: string, block: () => void) => void {
  if (reason === undefined) return describe;
  return (name, block) => describe.skip(`${name} [skipped: ${reason}]`, block);
}

/** `describe` where the tools are there. */
export function describeWith(...tools: string[]): (name: string, block: () => void) => void {
  const missing = tools.filter((tool) => !findTool(tool));
  return describeUnless(missing.length > 0 ? `no ${missing.join(" and no ")} on PATH` : undefined);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
