import { createCipheriv, createDecipheriv, randomBytes, scrypt } from "node:crypto";
import type { Identity, Recipient, Stanza } from "age-encryption";
import type { Secret } from "../../../support";
import { ArchiveDamage } from "../archive";
import { loadAge } from "./age-package";
import { KeyWrongError } from "./errors";

// The package derives keys in JavaScript: seconds in which nothing else runs. Node does it beside the event loop.

/** 2 to this power is the cost; 17 takes 128 MB and half a second, for us and for each guess. */
const usualWorkFactor = 17;
/** A header must not be able to ask for more than a gigabyte. */
const greatestWorkFactor = 20;

/** Wraps an archive's key with a passphrase. */
export function passphraseRecipient(passphrase: Secret, workFactor = usualWorkFactor): Recipient {
  return {
    async wrapFileKey(fileKey) {
      const { Stanza } = await loadAge();
      const salt = randomBytes(16);
      const cipher = createCipheriv(
        "chacha20-poly1305",
        await derive(passphrase, salt, workFactor),
        noNonce,
        tag,
      );
      const body = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()]);
      return [new Stanza(["scrypt", unpadded(salt), String(workFactor)], body)];
    },
  };
}

/** Unwraps it again; a header made by another tool may ask for another cost. */
export function passphraseIdentity(passphrase: Secret): Identity {
  return {
    async unwrapFileKey(stanzas) {
      const [stanza, ...others] = stanzas;
      if (!stanza || others.length > 0)
        throw new ArchiveDamage("its header names a passphrase and other keys");
      const { salt, workFactor } = read(stanza);
      const decipher = createDecipheriv(
        "chacha20-poly1305",
        await derive(passphrase, salt, workFactor),
        noNonce,
        tag,
      );
      decipher.setAuthTag(stanza.body.subarray(16));
      try {
        return Buffer.concat([decipher.update(stanza.body.subarray(0, 16)), decipher.final()]);
      } catch {
        throw new KeyWrongError(true);
      }
    },
  };
}

const noNonce = Buffer.alloc(12);
const tag = { authTagLength: 16 };
const unpadded = (bytes: Buffer) => bytes.toString("base64").replace(/=+$/, "");

function read({ args, body }: Stanza): { salt: Buffer; workFactor: number } {
  const [kind, salt = "", workFactor = ""] = args;
  const bytes = Buffer.from(salt, "base64");
  const valid = kind === "scrypt" && args.length === 3 && body.length === 32 && /^[1-9]\d?$/.test(workFactor);
  if (!valid || bytes.length !== 16 || unpadded(bytes) !== salt)
    throw new ArchiveDamage("the part of its header that belongs to the passphrase cannot be read");
  if (Number(workFactor) > greatestWorkFactor)
    throw new ArchiveDamage(
      `its passphrase costs 2^${workFactor} to try, more than the 2^${greatestWorkFactor} allowed`,
    );
  return { salt: bytes, workFactor: Number(workFactor) };
}

function derive(passphrase: Secret, salt: Buffer, workFactor: number): Promise<Buffer> {
  const N = 2 ** workFactor;
  const options = { N, r: 8, p: 1, maxmem: 128 * 8 * (N + 64) };
  const salted = Buffer.concat([Buffer.from("age-encryption.org/v1/scrypt"), salt]);
  return new Promise((resolve, reject) => {
    scrypt(passphrase.reveal(), salted, 32, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
