import { readFile, readdir, stat } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { projectRoot } from "../../support";

/** Where the app's process begins. */
export const entryPoint = "app/server.ts";

// Imports of types alone are not looked at: nothing of them is in the image.
const imports =
  /\b(?:import|export)\s+(?!type\b)(?:[^"';]*?\bfrom\s*)?["'](\.[^"']*)["']|\brequire\(\s*["'](\.[^"']*)["']/g;

/** What its pages are made of; they lie beside the program, as files. */
export const pageAssets = "infra/engines/monitoring/pages/assets";

/** Every file that makes the app, relative to the checkout: its own folder, what it imports from beside it, its pages. */
export async function appSources(): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>();
  const seen = new Set<string>();
  // Of a wave all files are read at once: a preview waits for this.
  let wave = [dirname(entryPoint), pageAssets].map((folder) => filesBelow(join(projectRoot, folder)));
  while (wave.length > 0) {
    const paths = new Set((await Promise.all(wave)).flat());
    wave = [...paths].flatMap((path) => {
      if (seen.has(path)) return [];
      seen.add(path);
      return [look(path, found)];
    });
  }
  return found;
}

/** Takes one file, and tells which ones it imports. */
async function look(path: string, found: Map<string, Buffer>): Promise<string[]> {
  const content = await readFile(path);
  found.set(relative(projectRoot, path).split(sep).join("/"), content);
  return importedBy(path, content.toString("utf8"));
}

async function importedBy(path: string, text: string): Promise<string[]> {
  if (!/\.[cm]?ts$/.test(path)) return [];
  const named = [...text.matchAll(imports)].flatMap((match) => match[1] ?? match[2] ?? []);
  const resolved = await Promise.all(named.map((name) => resolveModule(join(dirname(path), name))));
  return resolved.flatMap((file) => file ?? []);
}

async function resolveModule(base: string): Promise<string | undefined> {
  for (const candidate of [base, `${base}.ts`, join(base, "index.ts"), `${base}.json`]) {
    const found = await stat(candidate).catch(() => undefined);
    if (found?.isFile()) return candidate;
  }
  return undefined;
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.flatMap((entry) => (entry.isFile() ? [join(entry.parentPath, entry.name)] : []));
}
