import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { assetAnswer } from "./answers";
import type { Page } from "./options";

const types: Record<string, string> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** Beside this file, and beside the one file that the image's build makes of everything. */
const folder = join(__dirname, "assets");

/** What a page's own style stands upon; both come in one answer, for the first paint waits for each. */
const foundation = "style.css";
const ownStyles = new Set(["dashboard.css", "status.css"]);

/** What the pages are made of, each file at a path of its own: no path of a request ever becomes one of a file. */
export function assetPages(): Record<string, Page> {
  const files = readdirSync(folder).filter((name) => extname(name) in types);
  return Object.fromEntries(
    files.map((name) => {
      const text = (ownStyles.has(name) ? read(foundation) : "") + read(name);
      const type = types[extname(name)] ?? "";
      return [`/deployments/assets/${name}`, () => Promise.resolve(assetAnswer(text, type))];
    }),
  );
}

function read(name: string): string {
  return readFileSync(join(folder, name), "utf8");
}
