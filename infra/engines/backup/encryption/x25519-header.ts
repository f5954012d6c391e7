import {
  createCipheriv,
  createHmac,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from "node:crypto";
import { algorithm, options } from "./stream-format";

/** The header of an archive for the holders of these keys, as the package makes it, without the time that loading it takes. */
export function x25519Header(publicKeys: readonly Buffer[], fileKey: Buffer): Buffer {
  const stanzas = publicKeys.map((key) => stanza(key, fileKey)).join("");
  const sealed = Buffer.from(`age-encryption.org/v1\n${stanzas}---`);
  return Buffer.concat([sealed, Buffer.from(` ${unpadded(headerSeal(sealed, fileKey))}\n`)]);
}

/** What stands at the end of a header, over all that stands before it. */
export function headerSeal(header: Uint8Array, fileKey: Uint8Array): Buffer {
  const key = Buffer.from(hkdfSync("sha256", fileKey, "", "header", 32));
  return createHmac("sha256", key).update(header).digest();
}

function stanza(publicKey: Buffer, fileKey: Buffer): string {
  const own = generateKeyPairSync("x25519");
  const share = rawKey(own.publicKey);
  const shared = diffieHellman({ privateKey: own.privateKey, publicKey: keyObject(publicKey) });
  const salt = Buffer.concat([share, publicKey]);
  const key = Buffer.from(hkdfSync("sha256", shared, salt, "age-encryption.org/v1/X25519", 32));
  // Each key wraps once, so none needs a nonce.
  const cipher = createCipheriv(algorithm, key, Buffer.alloc(12), options);
  const body = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()]);
  return `-> X25519 ${unpadded(share)}\n${unpadded(body)}\n`;
}

function rawKey(key: KeyObject): Buffer {
  return Buffer.from(key.export({ format: "jwk" }).x ?? "", "base64url");
}

function keyObject(publicKey: Buffer): KeyObject {
  return createPublicKey({
    key: { kty: "OKP", crv: "X25519", x: publicKey.toString("base64url") },
    format: "jwk",
  });
}

function unpadded(bytes: Buffer): string {
  return bytes.toString("base64").replace(/=+$/, "");
}
