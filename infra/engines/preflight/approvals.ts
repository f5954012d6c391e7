import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import type { Db } from "mongodb";
import { signerOf } from "./signatures";

/** The namespace of signatures under a release: one that was made for anything else is none. */
export const approvalNamespace = "dnd-release";

/** What somebody agrees to: this very release and no other. */
export interface ApprovalSubject {
  environment: string;
  database: string;
  release: number;
  digest: string;
  /** The versions that would run. */
  migrations: string[];
}

interface Approval {
  /** The fingerprint of the text and the person: signing twice is signing once. */
  _id: string;
  release: number;
  by: string;
  signature: string;
  at: Date;
}

/** The text that is signed, the same on every machine. */
export function approvalText({
  environment,
  database,
  release,
  digest,
  migrations,
}: ApprovalSubject): string {
  return [
    "dnd-tracker release approval, version 1",
    `environment: ${environment}`,
    `database: ${database}`,
    `release: ${release}`,
    `image: ${digest}`,
    `migrations: ${migrations.join(" ") || "none"}`,
    "",
  ].join("\n");
}

const approvals = (ops: Db) => ops.collection<Approval>("approvals");
const fingerprint = (text: string) => createHash("sha256").update(text).digest("hex");

/** Keeps a signature under a release. */
export async function keepApproval(
  ops: Db,
  text: string,
  { release, by, signature }: Pick<Approval, "release" | "by" | "signature">,
): Promise<void> {
  const entry = { release, by, signature, at: new Date() };
  await approvals(ops).updateOne({ _id: `${fingerprint(text)}/${by}` }, { $set: entry }, { upsert: true });
}

/** Everybody whose signature stands under a text and is still good by the file of allowed signers. */
export async function approversOf(ops: Db, text: string, signers: string): Promise<string[]> {
  if (!existsSync(signers)) return [];
  const key = fingerprint(text);
  const kept = await approvals(ops)
    .find({ _id: { $gte: `${key}/`, $lt: `${key}0` } })
    .toArray();
  const checked = await Promise.all(
    kept.map(({ signature }) => signerOf(text, signature, signers, approvalNamespace)),
  );
  return [...new Set(checked.filter((one) => one !== null))].sort();
}
