import { ArchiveDamage } from "../archive";
import { BytesAhead, takeHeader } from "./encrypted-bytes";
import { openHeader } from "./header";
import { OpeningCipher } from "./opening-cipher";
import { nonceBytes, sealedBytes } from "./stream-format";
import type { DecryptionKeys } from "./wanted";

/** The bytes of an archive in the clear; one that is not encrypted passes untouched. */
export async function* decrypted(
  bytes: AsyncIterable<Uint8Array>,
  keys: DecryptionKeys | undefined,
): AsyncGenerator<Uint8Array> {
  const ahead = new BytesAhead(bytes);
  try {
    const header = await takeHeader(ahead);
    if (!header) return yield* ahead.rest();
    const fileKey = await openHeader(header, keys);
    yield* opened(ahead, fileKey);
  } finally {
    await ahead.close();
  }
}

/** Nothing is given on before its chunk was found unchanged. */
async function* opened(ahead: BytesAhead, fileKey: Buffer): AsyncGenerator<Uint8Array> {
  if ((await ahead.peek(nonceBytes)).length < nonceBytes)
    throw new ArchiveDamage("it ends in the middle of its encryption");
  const cipher = new OpeningCipher(fileKey, Buffer.from(ahead.take(nonceBytes)));
  for (;;) {
    const held = await ahead.peek(sealedBytes + 1);
    const isLast = held.length <= sealedBytes;
    yield cipher.open(ahead.take(sealedBytes), isLast);
    if (isLast) return;
  }
}
