import { createCipheriv, createDecipheriv, pbkdf2Sync, randomBytes } from "node:crypto";
import { passphrase } from "./case";

/** Pulumi's passphrase secrets, written again here so that the engine under test is not its own witness. */
const salt = Buffer.from("Y29uZm9ybXM=", "base64");
const key = pbkdf2Sync(passphrase, salt, 1_000_000, 32, "sha256");

export function seal(plaintext: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const sealed = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
}

export function open(ciphertext: string): string {
  const [, nonce = "", sealed = ""] = ciphertext.split(":");
  const bytes = Buffer.from(sealed, "base64");
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
  decipher.setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString("utf8");
}

/** The salt as a stack's settings keep it. */
export const encryptionSalt = `v1:${salt.toString("base64")}:${seal("pulumi")}`;
