import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** A server or tool that tests use and no npm package holds; `npm test` puts those that can be had behind PATH. */
export function findTool(name: string): string | undefined {
  const places = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return places.map((place) => join(place, name)).find(isExecutable);
}

/** `describe` where the tools are there; elsewhere the block is skipped and says why. */
export function describeWith(...tools: string[]): jest.Describe {
  const missing = tools.filter((tool) => !findTool(tool));
  if (missing.length === 0) return describe;
  process.stderr.write(`skipped: no ${missing.join(", ")} on PATH\n`);
  return describe.skip;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
