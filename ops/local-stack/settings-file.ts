import { readFile } from "node:fs/promises";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { writeAtomically } from "../../infra/drivers/files";
import { OperatorError, messageOf } from "../../infra/support";
import type { LocalPlaces } from "./places";

const stackFile = z.looseObject({
  config: z.record(z.string(), z.unknown()).nullish(),
  encryptionsalt: z.string().optional(),
});
type StackFile = z.infer<typeof stackFile>;
type Values = Record<string, unknown>;

/**
 * Brings the settings in force up to date with the committed ones. What was set only here
 * (`pulumi config set`) stays, and so does the salt; what changed in the checkout is taken over.
 */
export async function takeOverSettings(places: LocalPlaces, salt: string | undefined): Promise<void> {
  const committed = await readCommitted(places.committed);
  // Settings that were there before anything was taken over are somebody's own.
  const known = await readNote(places.takenOver);
  const before = known ?? committed;
  const own = await readOwn(places.settings);
  const config = mergeSettings(committed.config ?? {}, before.config ?? {}, own.config ?? {});
  const encryptionsalt = own.encryptionsalt ?? salt;
  const merged: StackFile = { ...own, ...(encryptionsalt ? { encryptionsalt } : {}), config };
  await writeWhenChanged(places.settings, own, merged);
  await writeWhenChanged(places.takenOver, known, { config: committed.config ?? {} });
}

/** Three-way: `before` is what both had in common when the committed settings were last taken over. */
export function mergeSettings(committed: Values, before: Values, own: Values): Values {
  const merged: Values = {};
  for (const key of new Set([...Object.keys(committed), ...Object.keys(own)])) {
    const changedThere = !same(committed[key], before[key]);
    const value = changedThere || !(key in own) ? committed[key] : own[key];
    if (value !== undefined) merged[key] = value;
  }
  return merged;
}

async function readCommitted(path: string): Promise<StackFile> {
  const remedy = "Mend the file, or get the committed one back with `git checkout`.";
  return (await readStackFile(path, remedy)) ?? {};
}

/** Somebody may have mistyped in it: what they have set there is not given up for what is committed. */
async function readOwn(path: string): Promise<StackFile> {
  const remedy =
    `Mend the file; or move it away (\`mv ${path} ${path}.old\`): then the committed settings hold, ` +
    "and what was set only there is gone. Nothing was touched.";
  return (await readStackFile(path, remedy)) ?? {};
}

/** A note of our own: where it cannot be read nothing was taken over yet. */
async function readNote(path: string): Promise<StackFile | undefined> {
  return readStackFile(path, "").catch((error: unknown) => {
    if (error instanceof OperatorError) return undefined;
    throw error;
  });
}

/** Undefined where there is none. */
async function readStackFile(path: string, remedy: string): Promise<StackFile | undefined> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return stackFile.parse(parse(text));
  } catch (error) {
    const isOther = error instanceof z.ZodError;
    const why = isOther ? "it is no list of settings" : messageOf(error).split("\n")[0]?.replace(/:$/, "");
    throw new OperatorError({
      code: "settings-unreadable",
      kind: "usage",
      message: `${path} cannot be read as settings: ${why}`,
      remedy,
      cause: error,
    });
  }
}

async function writeWhenChanged(
  path: string,
  before: StackFile | undefined,
  after: StackFile,
): Promise<void> {
  if (!same(before, after)) await writeAtomically(path, stringify(after), { mode: 0o600 });
}

function same(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
