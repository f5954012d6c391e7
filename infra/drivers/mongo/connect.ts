import { createHash } from "node:crypto";
import { MongoClient } from "mongodb";
import { connectionString, formerConnectionString } from "./connection-string";
import { knowFarClient, leadsAway, outpostAt, type FlyWay } from "../outpost";
import type { DatabaseAddress, DatabaseRole } from "./contract";
import { dialled } from "./dialled";
import { connectionFailure, refusesLogin, uriInvalid } from "./errors";
import { sharedClient, type Opened } from "./shared-client";

export interface ConnectOptions {
  /** Gives up at once when it fires. */
  signal?: AbortSignal | undefined;
  /** Shows in the server's log and list of operations; "dnd-tracker" unless said otherwise. */
  appName?: string;
  /** Nobody but the user of this rotation will do; without it the one before is tried too. */
  currentUserOnly?: boolean;
  /** A local server may be about to listen; without it one that does not is given up at once. */
  mayBeStarting?: boolean;
}

const usualPatience = { serverSelectionTimeoutMS: 5000, connectTimeoutMS: 5000 };
const lookEveryMs = 5000;
/** Over an outpost each look costs a call at Fly. */
const farLookEveryMs = 60_000;
const refusedMs = 1200;

/** A connection that has logged in as the role; whoever asked for it closes it. */
export async function connect(
  address: DatabaseAddress,
  role: DatabaseRole,
  options: ConnectOptions = {},
): Promise<MongoClient> {
  options.signal?.throwIfAborted();
  if (leadsAway(address.through) && !options.currentUserOnly)
    return sharedClient(await keyOf(address, role), () => openFar(address, role, options));
  return connectHere(address, role, options);
}

/** One connection for all who ask for the same, in a process that is there for many. */
export async function sharedConnection(address: DatabaseAddress, role: DatabaseRole): Promise<MongoClient> {
  return sharedClient(await keyOf(address, role), async () => ({
    client: await connectHere(address, role, {}),
  }));
}

/** Those are the same who come to the same place by the same login, which another rotation changes. */
async function keyOf(address: DatabaseAddress, role: DatabaseRole): Promise<string> {
  const full = (await connectionString(address, role)).reveal();
  return createHash("sha256")
    .update([role, address.through?.app, address.name, full].join("\n"))
    .digest("hex");
}

/** Not connected before something is asked of it that the outpost does not do by itself. */
async function openFar(
  address: DatabaseAddress,
  role: DatabaseRole,
  options: ConnectOptions,
): Promise<Opened> {
  const uri = (await connectionString(address, role)).reveal();
  const client = openClient(await dialled(uri, address), address, options);
  knowFarClient(client, { address, role });
  const { over } = await outpostAt(address.through as FlyWay);
  return { client, over };
}

async function connectHere(
  address: DatabaseAddress,
  role: DatabaseRole,
  options: ConnectOptions,
): Promise<MongoClient> {
  try {
    return await connectedAt((await connectionString(address, role)).reveal(), address, role, options);
  } catch (error) {
    const former =
      refusesLogin(error) && !options.currentUserOnly ? formerConnectionString(address, role) : undefined;
    if (former === undefined) throw error;
    // Before the up that rotates a stack's users, those of the rotation before are the ones that exist.
    return await connectedAt(former.reveal(), address, role, options).catch(() => Promise.reject(error));
  }
}

async function connectedAt(
  uri: string,
  address: DatabaseAddress,
  role: DatabaseRole,
  options: ConnectOptions,
): Promise<MongoClient> {
  const client = openClient(await dialled(uri, address), address, options);
  const signals = [options.signal, refusal(client, address, options)].filter((one) => one !== undefined);
  try {
    await connectUnlessAborted(client, signals);
    return client;
  } catch (error) {
    await client.close();
    options.signal?.throwIfAborted();
    throw connectionFailure(error, address, role);
  }
}

function openClient(uri: string, address: DatabaseAddress, { appName }: ConnectOptions): MongoClient {
  try {
    return new MongoClient(uri, {
      appName: appName ?? "dnd-tracker",
      ...patienceBeside(uri),
      // A server that has fallen silent in the middle of an answer is told by this look, and by nothing else.
      heartbeatFrequencyMS: leadsAway(address.through) ? farLookEveryMs : lookEveryMs,
    });
  } catch (error) {
    throw uriInvalid(error, address);
  }
}

/** How long a server is waited for, where the address itself does not say so. */
function patienceBeside(uri: string): Partial<typeof usualPatience> {
  const said = (uri.split("?")[1] ?? "").toLowerCase();
  const left = Object.entries(usualPatience).filter(([name]) => !said.includes(`${name.toLowerCase()}=`));
  return Object.fromEntries(left);
}

/** Fires when nothing listens where a local server should: that one is not on its way, unlike one behind a network. */
function refusal(
  client: MongoClient,
  { credentials }: DatabaseAddress,
  { mayBeStarting = false }: ConnectOptions,
): AbortSignal | undefined {
  if (!credentials.startsWith("local") || mayBeStarting) return undefined;
  const refused = new AbortController();
  const begun = performance.now();
  client.on("serverHeartbeatFailed", ({ failure }) => {
    const isOld = performance.now() - begun > refusedMs;
    if (isOld && /ECONNREFUSED/.test(failure.message)) refused.abort(failure);
  });
  return refused.signal;
}

/** The driver's own connect hears no signal; one that lives for months keeps no trace of it. */
async function connectUnlessAborted(client: MongoClient, signals: readonly AbortSignal[]): Promise<void> {
  const over = new AbortController();
  const connected = client.connect();
  const aborted = new Promise<never>((_resolve, reject) => {
    for (const signal of signals)
      signal.addEventListener("abort", () => reject(signal.reason as Error), { signal: over.signal });
  });
  try {
    await Promise.race([connected, aborted]);
  } finally {
    over.abort();
    connected.catch(() => undefined);
  }
}
