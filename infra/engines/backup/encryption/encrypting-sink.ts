import { randomBytes } from "node:crypto";
import { Secret } from "../../../support";
import type { ByteSink } from "../archive";
import { makeHeader } from "./header";
import { SealingCipher } from "./sealing-cipher";
import { nonceBytes } from "./stream-format";
import type { EncryptionWanted } from "./wanted";

/** A stage that encrypts, and knows the key of this one archive. */
export interface EncryptedSink extends ByteSink {
  readonly archiveKey: Secret;
}

/** Encrypts what is written to it, in the age format; the header goes first. */
export async function encryptingSink(sink: ByteSink, wanted: EncryptionWanted): Promise<EncryptedSink> {
  const { bytes, fileKey } = await makeHeader(wanted);
  const nonce = randomBytes(nonceBytes);
  await sink.write(Buffer.concat([bytes, nonce]));
  const cipher = new SealingCipher(fileKey, nonce);
  const pass = async (sealed: Iterable<Uint8Array>) => {
    for (const piece of sealed) await sink.write(piece);
  };
  return {
    archiveKey: new Secret(fileKey.toString("base64")),
    write: (plain) => pass(cipher.seal(plain)),
    end: async () => {
      await pass(cipher.finish());
      await sink.end();
    },
  };
}
