import { messageOf } from "../../../support";
import type { ObjectLock } from "../contract";
import { sdk } from "./client";
import { isMissing } from "./failures";
import type { S3Lock } from "./place";
import type { Send } from "./sender";

type Target = { Bucket: string; Key: string };

/** What keeps an object from being deleted, as the service says it. */
export async function lockOf(send: Send, target: Target): Promise<ObjectLock | undefined> {
  const { HeadObjectCommand } = sdk();
  const seen = await send(new HeadObjectCommand(target)).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (seen?.ObjectLockLegalHoldStatus === "ON") return { by: "a legal hold", until: null };
  const until = seen?.ObjectLockRetainUntilDate;
  if (!until || until <= new Date()) return undefined;
  return { by: `a lock until ${until.toISOString()}`, until };
}

/** Sets or lifts a legal hold; returns why it could not, where the bucket or the keys do not have that. */
export async function setHold(send: Send, target: Target, on: boolean): Promise<string | undefined> {
  const { PutObjectLegalHoldCommand } = sdk();
  const LegalHold = { Status: on ? ("ON" as const) : ("OFF" as const) };
  return unlessUnable(send(new PutObjectLegalHoldCommand({ ...target, LegalHold, ...summed })));
}

/** Locks an object for the days that the address asks for; returns why it could not. */
export async function lockFrom(
  send: Send,
  target: Target,
  { mode, days }: S3Lock,
  from: Date,
): Promise<string | undefined> {
  const { PutObjectRetentionCommand } = sdk();
  const RetainUntilDate = new Date(from.getTime() + days * 24 * 3_600_000);
  if (RetainUntilDate <= new Date()) return undefined;
  const Retention = { Mode: mode, RetainUntilDate };
  return unlessUnable(send(new PutObjectRetentionCommand({ ...target, Retention, ...summed })));
}

// The service asks for a checksum of these requests.
const summed = { ChecksumAlgorithm: "SHA256" as const };

/** What some services, buckets and keys do not have; anything else is a failure. */
const unable = ["InvalidRequest", "NotImplemented", "MethodNotAllowed", "AccessDenied", "InvalidBucketState"];

async function unlessUnable(sent: Promise<unknown>): Promise<string | undefined> {
  try {
    await sent;
    return undefined;
  } catch (error) {
    if (unable.includes((error as Error).name)) return messageOf(error);
    throw error;
  }
}
