import { readFile, rename } from "node:fs/promises";
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
  const known = await readOwn(places.takenOver);
  const before = known ?? committed;
  const own = (await readOwn(places.settings)) ?? (await keptAside(places.settings));
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
  try {
    return stackFile.parse(parse(await readFile(path, "utf8")) ?? {});
  } catch (error) {
    throw new OperatorError({
      code: "settings-unreadable",
      kind: "usage",
      message: `${path} cannot be read as settings: ${messageOf(error).split("\n")[0]}`,
      remedy: "Mend the file, or get the committed one back with `git checkout`.",
      cause: error,
    });
  }
}

/** A file of ours that a killed run left half-written counts as absent: its salt and the committed settings can be had again. */
async function readOwn(path: string): Promise<StackFile | undefined> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return stackFile.safeParse(parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Somebody may have mistyped in it: what cannot be read is not thrown away. */
async function keptAside(path: string): Promise<StackFile> {
  const aside = `${path}.unreadable`;
  try {
    await rename(path, aside);
    process.stderr.write(
      `${path} could not be read as settings: it is kept as ${aside}, the committed ones hold\n`,
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  return {};
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
