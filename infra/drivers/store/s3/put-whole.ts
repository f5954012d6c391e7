import { createHash, randomUUID } from "node:crypto";
import type { PutObjectCommandInput } from "@aws-sdk/client-s3";
import { sdk } from "./client";
import { isMissing, isThereAlready, knowsNoCondition } from "./failures";
import type { Send } from "./sender";

export type Target = Pick<PutObjectCommandInput, "Metadata" | "ServerSideEncryption" | "SSEKMSKeyId"> & {
  Bucket: string;
  Key: string;
};

export const checksum = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("base64");

/** Sends an object in one request; where it is to be written once, only where there is none. */
export async function putWhole(send: Send, target: Target, Body: Buffer, once: boolean): Promise<void> {
  const { PutObjectCommand } = sdk();
  const object = { ...target, Body, ChecksumSHA256: checksum(Body) };
  if (!once) return void (await send(new PutObjectCommand(object)));
  const marked = markedAs(randomUUID(), object);
  await writeOnce(send, marked, (IfNoneMatch) => send(new PutObjectCommand({ ...marked, ...IfNoneMatch })));
}

const mark = "written-by";

/** An object that its writer knows again. */
export function markedAs<T extends Target>(id: string, target: T): T {
  return { ...target, Metadata: { ...target.Metadata, [mark]: id } };
}

/** Where the answer to a write got lost, the next try is refused for the object that this very writer has made. */
export async function writeOnce(
  send: Send,
  target: Target,
  write: (condition: { IfNoneMatch?: "*" }) => Promise<unknown>,
): Promise<void> {
  try {
    await write({ IfNoneMatch: "*" });
  } catch (error) {
    if (knowsNoCondition(error)) await write({});
    else if (!isThereAlready(error) || !(await isOwn(send, target))) throw error;
  }
}

async function isOwn(send: Send, { Bucket, Key, Metadata }: Target): Promise<boolean> {
  const { HeadObjectCommand } = sdk();
  const seen = await send(new HeadObjectCommand({ Bucket, Key })).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  return seen?.Metadata?.[mark] !== undefined && seen.Metadata[mark] === Metadata?.[mark];
}
