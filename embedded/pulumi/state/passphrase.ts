import { createCipheriv, createDecipheriv, createHash, pbkdf2, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { OperatorError, type Secret } from "../../../infra/support";
import type { SecretsProvider } from "../deployment";
import { usageError } from "./errors";

const iterations = 1_000_000;
const keyBytes = 32;
const tagBytes = 16;
/** What a salt carries encrypted, so that a wrong passphrase is told from a right one. */
const proof = "pulumi";

/** Encrypts and decrypts at once, after the key was derived and the passphrase proved right. */
export interface Cipher {
  encrypt(plaintext: string): string;
  decrypt(ciphertext: string): string;
}

/** Deriving a key takes a quarter of a second of processor time on purpose: once per process and salt. */
const keys = new Map<string, Promise<Buffer>>();

function keyOf(passphrase: Secret, salt: string): Promise<Buffer> {
  const id = `${salt}:${createHash("sha256").update(passphrase.reveal()).digest("hex")}`;
  const known = keys.get(id);
  if (known) return known;
  const bytes = Buffer.from(salt, "base64");
  const derived = promisify(pbkdf2)(passphrase.reveal(), bytes, iterations, keyBytes, "sha256");
  keys.set(id, derived);
  return derived;
}

function cipherOf(key: Buffer): Cipher {
  return {
    encrypt(plaintext) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", key, nonce);
      const sealed = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final(), cipher.getAuthTag()]);
      return `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
    },
    decrypt(ciphertext) {
      const [version, nonce, sealed, rest] = ciphertext.split(":");
      if (version !== "v1" || !nonce || !sealed || rest !== undefined)
        throw new Error("not a secret of version v1");
      const bytes = Buffer.from(sealed, "base64");
      const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
      decipher.setAuthTag(bytes.subarray(bytes.length - tagBytes));
      const opened = decipher.update(bytes.subarray(0, bytes.length - tagBytes));
      return Buffer.concat([opened, decipher.final()]).toString("utf8");
    },
  };
}

/** Pulumi's passphrase provider: PBKDF2 for the key, AES-256-GCM for each value. */
export class PassphraseSecrets implements SecretsProvider {
  #cipher: Promise<Cipher> | undefined;

  /** `salt` is the whole `encryptionsalt` text; `stack` names the stack in errors. */
  constructor(
    readonly salt: string,
    readonly passphrase: Secret,
    readonly stack: string,
  ) {}

  /** The proven cipher. The first call derives the key, in the thread pool, so the caller may go on meanwhile. */
  cipher(): Promise<Cipher> {
    if (!this.#cipher) {
      this.#cipher = this.#prove();
      this.#cipher.catch(() => undefined);
    }
    return this.#cipher;
  }

  async #prove(): Promise<Cipher> {
    const [version, salt, ...encryptedProof] = this.salt.split(":");
    if (version !== "v1" || !salt || encryptedProof.length === 0) {
      throw usageError(
        "salt-unreadable",
        `the encryption salt of stack ${this.stack} is not one of version v1`,
        "Take `encryptionsalt` of the stack's settings file from version control.",
      );
    }
    const cipher = cipherOf(await keyOf(this.passphrase, salt));
    if (!isProof(cipher, encryptedProof.join(":"))) throw wrongPassphrase(this.stack);
    return cipher;
  }

  async encrypt(plaintext: string): Promise<string> {
    return (await this.cipher()).encrypt(plaintext);
  }

  async decrypt(ciphertext: string): Promise<string> {
    return (await this.cipher()).decrypt(ciphertext);
  }
}

function isProof(cipher: Cipher, ciphertext: string): boolean {
  try {
    return cipher.decrypt(ciphertext) === proof;
  } catch {
    return false;
  }
}

function wrongPassphrase(stack: string): OperatorError {
  return usageError(
    "passphrase-wrong",
    `incorrect passphrase for stack ${stack}`,
    "Set PULUMI_CONFIG_PASSPHRASE, or PULUMI_CONFIG_PASSPHRASE_FILE, to the passphrase the stack was made with.",
  );
}

/** A salt for a new stack, with the proof that later tells a wrong passphrase. */
export async function newSalt(passphrase: Secret): Promise<string> {
  const salt = randomBytes(8).toString("base64");
  return `v1:${salt}:${cipherOf(await keyOf(passphrase, salt)).encrypt(proof)}`;
}
