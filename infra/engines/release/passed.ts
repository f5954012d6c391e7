import { createHash } from "node:crypto";
import type { Db } from "mongodb";
import { z } from "zod";
import { listQuarantine } from "./quarantine";
import type { Image } from "./release";

/** As many of the newest releases as another stack can be promoted from. */
const kept = 10;

const passedRelease = z.object({
  release: z.int().positive(),
  version: z.string(),
  digest: z.string(),
  /** The migrations in effect then, each with the beginning of its file's checksum. */
  migrations: z.record(z.string(), z.string()),
});

/** A release that ended well in a stack, as a stack after it may ask for. */
export type PassedRelease = z.infer<typeof passedRelease>;

/** What has passed here, the newest first: this release with those before it, without what was found to be bad since. */
export async function passedWith(
  ops: Db,
  before: readonly PassedRelease[],
  { number, image, migrations }: { number: number; image: Image; migrations: Record<string, string> },
): Promise<PassedRelease[]> {
  const bad = new Set((await listQuarantine(ops)).map(({ _id }) => _id));
  const { version, digest } = image;
  const newest = { release: number, version, digest, migrations };
  const others = before.filter((one) => one.digest !== digest);
  return [newest, ...others].filter((one) => !bad.has(one.digest)).slice(0, kept);
}

/** As a stack's output shows it: a short line for each release, and one for each set of migrations that they share. */
export function tellPassed(passed: readonly PassedRelease[]): Record<string, string> {
  const lines: Record<string, string> = {};
  for (const { release, version, digest, migrations } of passed) {
    const ran = Object.entries(migrations).map(([id, checksum]) => `${id}=${checksum}`);
    const schema = `schema ${createHash("sha256").update(ran.join()).digest("hex").slice(0, 12)}`;
    lines[`release ${release}`] = `${version} ${digest} ${schema}`;
    lines[schema] = ran.join(" ");
  }
  return lines;
}

/** Reads what a stack says has passed there, the newest first; nothing where it says nothing. An earlier edition has a list. */
export function readPassed(output: unknown): PassedRelease[] {
  const lines = z.record(z.string(), z.string()).safeParse(output);
  const read = z.array(passedRelease).safeParse(lines.success ? releasesTold(lines.data) : output);
  return read.success ? read.data.sort((one, other) => other.release - one.release) : [];
}

function releasesTold(lines: Record<string, string>): unknown[] {
  const releases = Object.entries(lines).filter(([name]) => name.startsWith("release "));
  return releases.map(([name, line]) => {
    const [version, digest, ...schema] = line.split(" ");
    const ran = (lines[schema.join(" ")] ?? "").split(" ").filter(Boolean);
    const migrations = Object.fromEntries(ran.map((one) => one.split("=")));
    return { release: Number(name.split(" ")[1]), version, digest, migrations };
  });
}
