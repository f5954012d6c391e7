import { createHash } from "node:crypto";
import { hostname, userInfo } from "node:os";
import type { Db } from "mongodb";
import type { Secret } from "../../infra/support";
import type { SecretName } from "./secret-names";

/** One change of a secret, from the moment in which two work to that in which one does. */
export interface Rotation {
  /** What, and when it was begun. */
  _id: string;
  version: 1;
  secret: string;
  state: "overlap" | "done";
  startedAt: Date;
  finishedAt: Date | null;
  by: string;
  host: string;
  /** Tells the new secret from others without telling it; null where it is kept by this project itself. */
  mark: string | null;
  /** What the step after a kill needs to know. */
  detail: Record<string, string | number>;
}

const rotations = (ops: Db) => ops.collection<Rotation>("rotations");

/** All rotations, oldest first; there are a few a year. */
export function listRotations(ops: Db): Promise<Rotation[]> {
  return rotations(ops).find({}).sort({ _id: 1 }).toArray();
}

/** The rotation of a secret that was begun and not ended. */
export async function openRotation(ops: Db, secret: string): Promise<Rotation | undefined> {
  return (await listRotations(ops)).findLast((one) => one.secret === secret && one.state === "overlap");
}

/** Written before anything changes. */
export async function beginRotation(
  ops: Db,
  { secret, mark = null, detail = {} }: { secret: string; mark?: string | null; detail?: Rotation["detail"] },
): Promise<Rotation> {
  const startedAt = new Date();
  const rotation: Rotation = {
    _id: `${secret}:${startedAt.toISOString()}`,
    ...{ version: 1, secret, state: "overlap", startedAt, finishedAt: null, mark, detail },
    ...{ by: userInfo().username, host: hostname() },
  };
  await rotations(ops).insertOne(rotation);
  return rotation;
}

/** From here on only the new secret is in use. */
export async function endRotation(ops: Db, { _id }: Rotation): Promise<void> {
  await rotations(ops).updateOne({ _id }, { $set: { state: "done", finishedAt: new Date() } });
}

/** Gives up a rotation whose secret turned out to be another one. */
export async function dropRotation(ops: Db, { _id }: Rotation): Promise<void> {
  await rotations(ops).deleteOne({ _id });
}

/** A mark of a secret that it cannot be guessed from, for it is long and random. */
export function markOf(secret: Secret): string {
  return createHash("sha256").update(`rotation ${secret.reveal()}`).digest("hex").slice(0, 16);
}

/** The name under which the journal keeps a secret, where there are several of its kind. */
export function nameIn(secret: SecretName, channel?: string): string {
  return channel === undefined ? secret : `${secret}:${channel}`;
}
