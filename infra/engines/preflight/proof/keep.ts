import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Db } from "mongodb";
import { localFolder } from "../../../support";
import { proofSchema, type Proof } from "./proof";

type Kept = Omit<Proof, "commit"> & { _id: string };

const proofs = (ops: Db) => ops.collection<Kept>("proofs");
const fileOf = (commit: string) => localFolder("proofs", `${commit}.json`);

/** Keeps a proof where a release looks for it: in the operations' database, or in a file where there is none. */
export async function keepProof(proof: Proof, ops: Db | null): Promise<string> {
  const { commit: _id, ...rest } = proof;
  if (ops) {
    await proofs(ops).replaceOne({ _id }, rest, { upsert: true });
    return `${ops.databaseName}.proofs`;
  }
  const file = fileOf(proof.commit);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, `${JSON.stringify(proof, null, 2)}\n`, { mode: 0o600 });
  return file;
}

/** The newest proof of a commit, wherever it is kept; null where there is none. */
export async function findProof(commit: string, ops: Db | null): Promise<Proof | null> {
  const found = (await Promise.all([inDatabase(commit, ops), inFile(commit)])).filter((one) => one !== null);
  return found.sort((one, other) => other.at.localeCompare(one.at))[0] ?? null;
}

async function inDatabase(commit: string, ops: Db | null): Promise<Proof | null> {
  const found = await ops?.collection<Kept>("proofs").findOne({ _id: commit });
  return found ? (proofSchema.safeParse({ ...found, commit }).data ?? null) : null;
}

async function inFile(commit: string): Promise<Proof | null> {
  if (!/^[0-9a-f]{7,64}$/.test(commit)) return null;
  try {
    return proofSchema.safeParse(JSON.parse(await readFile(fileOf(commit), "utf8"))).data ?? null;
  } catch {
    return null;
  }
}
