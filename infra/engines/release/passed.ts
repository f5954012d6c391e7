import type { Db } from "mongodb";
import { z } from "zod";
import { listQuarantine } from "./quarantine";
import type { Image } from "./release";

/** As many of the newest releases as another stack can be promoted from. */
const kept = 20;

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

/** Reads what a stack says has passed there; nothing where it says nothing, as an earlier edition of it. */
export function readPassed(output: unknown): PassedRelease[] {
  const read = z.array(passedRelease).safeParse(output);
  return read.success ? read.data : [];
}
