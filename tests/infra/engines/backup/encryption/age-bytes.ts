import type { ByteSink } from "../../../../../infra/engines/backup/archive";
import {
  decrypted,
  encryptingSink,
  type DecryptionKeys,
  type EncryptionWanted,
} from "../../../../../infra/engines/backup/encryption";
import { Secret } from "../../../../../infra/support";

export interface KeyPair {
  identity: Secret;
  recipient: string;
}

export async function newKeyPair(): Promise<KeyPair> {
  const { generateX25519Identity, identityToRecipient } = await import("age-encryption");
  const identity = await generateX25519Identity();
  return { identity: new Secret(identity), recipient: await identityToRecipient(identity) };
}

/** Keeps what is written to it. */
export class Kept implements ByteSink {
  readonly pieces: Uint8Array[] = [];
  ended = false;

  async write(bytes: Uint8Array): Promise<void> {
    this.pieces.push(bytes);
  }

  async end(): Promise<void> {
    this.ended = true;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.pieces);
  }
}

export async function encrypt(plain: Uint8Array, wanted: EncryptionWanted, step = 100_000): Promise<Buffer> {
  const kept = new Kept();
  const sink = await encryptingSink(kept, wanted);
  for await (const piece of cut(plain, step)) await sink.write(piece);
  await sink.end();
  return kept.bytes;
}

export async function decrypt(
  bytes: Uint8Array,
  keys: DecryptionKeys | undefined,
  step = 100_000,
): Promise<Buffer> {
  return collected(decrypted(cut(bytes, step), keys));
}

export async function* cut(bytes: Uint8Array, step: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
}

export async function collected(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of bytes) pieces.push(piece);
  return Buffer.concat(pieces);
}
