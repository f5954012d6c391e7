import { ArchiveDamage } from "../archive";
import { BytesAhead, takeHeader } from "./encrypted-bytes";
import { makeHeader, openHeader } from "./header";
import type { DecryptionKeys, EncryptionWanted } from "./wanted";

/** The same encrypted data behind a header for other readers. */
export async function* rekeyed(
  bytes: AsyncIterable<Uint8Array>,
  keys: DecryptionKeys,
  wanted: EncryptionWanted,
): AsyncGenerator<Uint8Array> {
  const ahead = new BytesAhead(bytes);
  try {
    const header = await takeHeader(ahead);
    if (!header) throw new ArchiveDamage("it is not encrypted, though its manifest says so");
    yield (await makeHeader(wanted, await openHeader(header, keys))).bytes;
    yield* ahead.rest();
  } finally {
    await ahead.close();
  }
}
