import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { BSON, type Document } from "mongodb";

/** Who logs in, where the server knows them. */
export interface Login {
  user: string;
  password: string;
  source: string;
  mechanism: ScramMechanism;
}

export type ScramMechanism = "SCRAM-SHA-256" | "SCRAM-SHA-1";

const hashes = { "SCRAM-SHA-256": "sha256", "SCRAM-SHA-1": "sha1" } as const;
const hashBytes = { sha256: 32, sha1: 20 } as const;
/** Fewer would give the password away to whoever pretends to be the server. */
const leastIterations = 4096;
const derive = promisify(pbkdf2);

/** Logs in without showing the password, and refuses a server that does not know it either (RFC 5802 and 7677). */
export async function logIn(
  { user, password, source, mechanism }: Login,
  command: (command: Document) => Promise<Document>,
): Promise<void> {
  const hash = hashes[mechanism];
  const nonce = randomBytes(24).toString("base64");
  const first = `n=${user.replaceAll("=", "=3D").replaceAll(",", "=2C")},r=${nonce}`;
  const options = { skipEmptyExchange: true };
  const started = await command({
    saslStart: 1,
    mechanism,
    payload: bytesOf(`n,,${first}`),
    options,
    $db: source,
  });
  const challenge = textOf(started);
  const { r = "", s = "", i = "" } = partsOf(challenge);
  if (!r.startsWith(nonce) || r === nonce || !(Number(i) >= leastIterations)) throw untrusted();
  const secret = mechanism === "SCRAM-SHA-1" ? legacySecret(user, password) : password;
  const salted = await derive(secret, Buffer.from(s, "base64"), Number(i), hashBytes[hash], hash);
  const mac = (key: Buffer, text: string) => createHmac(hash, key).update(text).digest();
  const clientKey = mac(salted, "Client Key");
  const final = `c=biws,r=${r}`;
  const conversation = `${first},${challenge},${final}`;
  const storedKey = createHash(hash).update(clientKey).digest();
  const proof = xor(clientKey, mac(storedKey, conversation)).toString("base64");
  const proven = await command({
    saslContinue: 1,
    conversationId: started.conversationId as number,
    payload: bytesOf(`${final},p=${proof}`),
    $db: source,
  });
  const expected = mac(mac(salted, "Server Key"), conversation);
  const given = Buffer.from(partsOf(textOf(proven)).v ?? "", "base64");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw untrusted();
  if (proven.done !== true) throw untrusted();
}

/** What the older mechanism takes for the password. */
function legacySecret(user: string, password: string): string {
  return createHash("md5").update(`${user}:mongo:${password}`).digest("hex");
}

function bytesOf(text: string): BSON.Binary {
  return new BSON.Binary(Buffer.from(text));
}

function textOf({ payload }: Document): string {
  return payload instanceof BSON.Binary ? Buffer.from(payload.buffer).toString("utf8") : "";
}

function partsOf(text: string): Partial<Record<string, string>> {
  return Object.fromEntries(text.split(",").map((part) => [part.slice(0, 1), part.slice(2)]));
}

function xor(a: Buffer, b: Buffer): Buffer {
  return Buffer.from(a.map((byte, n) => byte ^ (b[n] as number)));
}

function untrusted(): Error {
  return new Error("the server does not prove that it knows the password");
}
