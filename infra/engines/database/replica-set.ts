import type { MongoClient } from "mongodb";
import type { LocalCredentials } from "../../drivers/mongo";
import { waitFor } from "../../support";
import { openDirectly } from "./answers";
import { credentialsForeign } from "./errors";
import { replicaSet } from "./instance";
import { createAdmin, userExists } from "./users";

const primaryTimeoutMs = 30_000;
const alreadyInitialized = 23;
const notYetInitialized = 94;
const authenticationFailed = 18;
const unauthorized = 13;

interface Local {
  folder: string;
  port: number;
  credentials: LocalCredentials;
  signal?: AbortSignal | undefined;
}

/** Makes the started server the primary of its set of one, reachable as admin; does nothing where that is so. */
export async function ensurePrimary(local: Local): Promise<MongoClient> {
  const admin = (await asAdmin(local)) ?? (await bootstrap(local));
  await ensureMember(admin, local.port);
  await waitForPrimary(admin, local.signal);
  return admin;
}

/** Undefined when no user is there yet, or none with this password. */
async function asAdmin({ port, credentials: { admin } }: Local): Promise<MongoClient | undefined> {
  try {
    return await openDirectly(port, admin);
  } catch (error) {
    if (codeOf(error) === authenticationFailed) return undefined;
    throw error;
  }
}

/** The first start: the server lets this machine in until the first user exists. */
async function bootstrap(local: Local): Promise<MongoClient> {
  const client = await openDirectly(local.port);
  try {
    await initiate(client, local.port);
    await waitForPrimary(client, local.signal);
    await createAdmin(client, local.credentials);
  } catch (error) {
    // Somebody's first user is there by now: perhaps ours, from a killed start whose last command the server finished.
    if (codeOf(error) !== unauthorized && codeOf(error) !== userExists) throw error;
  } finally {
    await client.close();
  }
  const admin = await asAdmin(local);
  if (!admin) throw credentialsForeign(local.folder);
  return admin;
}

async function initiate(client: MongoClient, port: number): Promise<void> {
  const config = { _id: replicaSet, members: [{ _id: 0, host: `127.0.0.1:${port}` }] };
  await client
    .db("admin")
    .command({ replSetInitiate: config })
    .catch((error: unknown) => {
      // An interrupted first start got this far.
      if (codeOf(error) !== alreadyInitialized) throw error;
    });
}

/** A server that had to move to another port is told its new address. */
async function ensureMember(admin: MongoClient, port: number): Promise<void> {
  const db = admin.db("admin");
  const host = `127.0.0.1:${port}`;
  const answer = await db.command({ replSetGetConfig: 1 }).catch((error: unknown) => {
    if (codeOf(error) === notYetInitialized) return undefined;
    throw error;
  });
  if (!answer) return initiate(admin, port);
  const config = answer.config as { version: number; members: { host: string }[] };
  const [member] = config.members;
  if (!member || member.host === host) return;
  member.host = host;
  config.version++;
  await db.command({ replSetReconfig: config, force: true });
}

async function waitForPrimary(client: MongoClient, signal: AbortSignal | undefined): Promise<void> {
  await waitFor(
    async () =>
      (await client.db("admin").command({ hello: 1 })).isWritablePrimary === true ? true : undefined,
    { what: "the database to become writable", timeoutMs: primaryTimeoutMs, intervalMs: 50, signal },
  );
}

function codeOf(error: unknown): unknown {
  const own = (error as { code?: unknown }).code;
  return typeof own === "number" ? own : ((error as { cause?: { code?: unknown } }).cause?.code ?? own);
}
