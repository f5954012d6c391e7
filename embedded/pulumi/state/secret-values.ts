import {
  secretSignature,
  signatureKey,
  unknownSentinel,
  type Properties,
  type PropertyValue,
} from "../deployment";
import { secretTexts } from "../secret-texts";
import { goJson } from "./go-json";
import type { Cipher } from "./passphrase";

const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
/** A secret inside a secret is encrypted with the outer one and carries its own text in place of a ciphertext. */
const inTheClear: Cipher = { encrypt: (text) => text, decrypt: (text) => text };

/**
 * Which ciphertext stands where in the checkpoint. A secret that did not change keeps it, so that writing an
 * unchanged state changes nothing; it is never used at another place, where it would tell that two are equal.
 */
export class KnownCiphertexts {
  readonly #known = new Map<string, { plaintext: string; ciphertext: string }>();

  remember(position: string, plaintext: string, ciphertext: string): void {
    this.#known.set(position, { plaintext, ciphertext });
  }

  /** The secrets themselves, to be kept out of whatever is shown. */
  get texts(): string[] {
    return [...this.#known.values()].flatMap(({ plaintext }) =>
      secretTexts(JSON.parse(plaintext) as PropertyValue, true),
    );
  }

  seal(position: string, plaintext: string, cipher: Cipher): string {
    const known = this.#known.get(position);
    if (known?.plaintext === plaintext) return known.ciphertext;
    const ciphertext = cipher.encrypt(plaintext);
    this.remember(position, plaintext, ciphertext);
    return ciphertext;
  }
}

const isObject = (value: PropertyValue): value is Properties =>
  value !== null && typeof value === "object" && !Array.isArray(value);

/** A secret as it stands in memory (`value`) or in a checkpoint (`ciphertext`). */
export type WrappedSecret = Properties & { [signatureKey]: typeof secretSignature };

/** Whether a value is a wrapped secret, in memory or in a checkpoint. */
export function isSecret(value: PropertyValue): value is WrappedSecret {
  return isObject(value) && value[signatureKey] === secretSignature;
}

/** From the checkpoint's form to that of memory: each ciphertext becomes its wrapped value. */
export function openSecrets(
  value: PropertyValue,
  position: string,
  cipher: Cipher | undefined,
  known: KnownCiphertexts,
): PropertyValue {
  if (Array.isArray(value))
    return value.map((item, index) => openSecrets(item, `${position}[${index}]`, cipher, known));
  if (!isObject(value)) return value;
  if (isSecret(value)) return openSecret(value, position, cipher, known);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, openSecrets(item, `${position}.${key}`, cipher, known)]),
  );
}

function openSecret(
  secret: Properties,
  position: string,
  cipher: Cipher | undefined,
  known: KnownCiphertexts,
): PropertyValue {
  const opened = (plaintext: string) =>
    wrap(openSecrets(JSON.parse(plaintext) as PropertyValue, position, inTheClear, new KnownCiphertexts()));
  const { plaintext: clear, ciphertext } = secret;
  try {
    if (typeof clear === "string") return opened(clear);
    if (typeof ciphertext !== "string" || !cipher) throw new Error("neither text nor key");
    const plaintext = cipher.decrypt(ciphertext);
    known.remember(position, plaintext, ciphertext);
    return opened(plaintext);
  } catch {
    // What was thrown may quote the secret itself.
    throw new Error(`the secret at ${position} cannot be decrypted`);
  }
}

/** From memory to the checkpoint: wrapped values become ciphertexts, what is not known is left out. */
export function sealSecrets(value: PropertyValue, position: string, seal: Seal): PropertyValue {
  if (Array.isArray(value)) {
    return value.map((item, index) =>
      isUnknown(item) ? null : sealSecrets(item, `${position}[${index}]`, seal),
    );
  }
  if (!isObject(value)) return value;
  if (isSecret(value)) {
    const plaintext = goJson(
      sealSecrets(value.value ?? null, position, (_, text) => inTheClear.encrypt(text)),
    );
    return { [signatureKey]: secretSignature, ciphertext: seal(position, plaintext) };
  }
  if (value[signatureKey] === outputSignature) return sealSecrets(plainOutput(value), position, seal);
  const kept = Object.entries(value).filter(([, item]) => !isUnknown(item));
  return Object.fromEntries(kept.map(([key, item]) => [key, sealSecrets(item, `${position}.${key}`, seal)]));
}

/** Gives the ciphertext of a text for its place in the checkpoint. */
export type Seal = (position: string, plaintext: string) => string;

/** An unknown, plain or wrapped in a secret or an output. */
function isUnknown(value: PropertyValue): boolean {
  if (value === unknownSentinel) return true;
  if (!isObject(value)) return false;
  if (isSecret(value)) return isUnknown(value.value ?? null);
  return value[signatureKey] === outputSignature && isUnknown(value.value ?? unknownSentinel);
}

function plainOutput(output: Properties): PropertyValue {
  const value = output.value ?? null;
  return output.secret === true ? wrap(value) : value;
}

function wrap(value: PropertyValue): WrappedSecret {
  return { [signatureKey]: secretSignature, value };
}
