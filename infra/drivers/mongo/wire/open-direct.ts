import type { ConnectionOptions } from "node:tls";
import type { Document, MongoClient, MongoOptions } from "mongodb";
import { DirectConnection } from "./direct-connection";
import { MessageSocket, type ServerPlace } from "./message-socket";
import { logIn, type ScramMechanism } from "./scram";
import { onSilence } from "./silence";

/** So long an answer is waited for from a server that is alive; the driver waits for ever. */
const silentMs = 5 * 60_000;

/**
 * A connection of our own to the server that the client writes to, as the same user: the driver copies each byte of an answer
 * twice, which costs a reader of gigabytes more than all else. Undefined where it is not sure to be the same as the driver's.
 */
export async function openDirect(
  client: MongoClient,
  signal?: AbortSignal,
): Promise<DirectConnection | undefined> {
  signal?.throwIfAborted();
  const { options } = client;
  if (!isPlain(options)) return undefined;
  let connection: DirectConnection | undefined;
  try {
    const place = placeOf(options, await client.db("admin").command({ hello: 1 }));
    if (!place) return undefined;
    const connectMs = options.connectTimeoutMS;
    const watch = (lifelessFor: (ms: number) => void) => onSilence(client, place, lifelessFor);
    connection = new DirectConnection(
      await MessageSocket.open(place, { connectMs, silentMs, signal, watch }),
    );
    await introduce(connection, options);
    return connection;
  } catch {
    connection?.close();
    signal?.throwIfAborted();
    // The driver finds out whatever is wrong, and says so in its own words.
    return undefined;
  }
}

/** Nothing stands between the client and the server that only the driver knows how to handle. */
function isPlain(options: Readonly<MongoOptions>): boolean {
  const { autoEncryption, loadBalanced, proxyHost, compressors, credentials } = options;
  const serverApi = options.serverApi as MongoOptions["serverApi"] | undefined;
  if (autoEncryption ?? proxyHost ?? serverApi) return false;
  if (loadBalanced || compressors.some((name) => name !== "none")) return false;
  return (
    !credentials || (mechanismsOf(credentials.mechanism).length > 0 && isPrintable(credentials.password))
  );
}

function mechanismsOf(wanted: string): ScramMechanism[] {
  const known: ScramMechanism[] = ["SCRAM-SHA-256", "SCRAM-SHA-1"];
  return wanted === "DEFAULT" ? known : known.filter((one) => one === wanted);
}

/** Other letters have several spellings, of which the driver knows the right one. */
function isPrintable(password: string): boolean {
  return /^[\x20-\x7e]+$/.test(password);
}

/** The one server that the driver would ask, too. */
export function placeOf(options: Readonly<MongoOptions>, hello: Document): ServerPlace | undefined {
  // A router spreads what is asked over many servers: its answers have no place of their own.
  if (hello.msg === "isdbgrid" || hello.isWritablePrimary !== true) return undefined;
  const isMember = typeof hello.me === "string" && !options.directConnection;
  const [only, ...others] = options.hosts;
  const at = isMember ? String(hello.me) : others.length === 0 ? String(only ?? "") : "";
  const [, host, port] = /^\[?([^\]/]+)\]?:(\d+)$/.exec(at) ?? [];
  if (host === undefined) return undefined;
  return { host, port: Number(port), tls: options.tls ? tlsOf(options, host) : undefined };
}

const tlsNames = [
  "ca",
  "cert",
  "checkServerIdentity",
  "ciphers",
  "crl",
  "ecdhCurve",
  "key",
  "minDHSize",
  "passphrase",
  "pfx",
  "rejectUnauthorized",
  "secureContext",
  "secureProtocol",
  "servername",
] as const;

function tlsOf(options: Readonly<MongoOptions>, host: string): ConnectionOptions {
  const given = tlsNames.flatMap((name) => (options[name] == null ? [] : [[name, options[name]]]));
  const isAddress = /^[\d.]+$|:/.test(host);
  return { ...(isAddress ? {} : { servername: host }), ...(Object.fromEntries(given) as ConnectionOptions) };
}

/** Says who asks, as the server's log and its list of operations show it, and logs in. */
async function introduce(connection: DirectConnection, options: Readonly<MongoOptions>): Promise<void> {
  const { appName = "dnd-tracker", credentials } = options;
  const name = { application: { name: appName }, driver: { name: "dnd-tracker", version: "1" } };
  const client = { ...name, os: { type: process.platform } };
  const user = credentials && `${credentials.source}.${credentials.username}`;
  const asked = user === undefined ? {} : { saslSupportedMechs: user };
  const hello = await connection.command({ hello: 1, client, ...asked, $db: "admin" });
  if (!credentials) return;
  const offered = (hello.saslSupportedMechs as string[] | undefined) ?? [];
  const mechanism = mechanismsOf(credentials.mechanism).find((one) => offered.includes(one));
  if (!mechanism) throw new Error("the server offers no way to log in that is known here");
  const { username, password, source } = credentials;
  await logIn({ user: username, password, source, mechanism }, (command) => connection.command(command));
}
