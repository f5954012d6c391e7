import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { ByteQueue } from "./byte-queue";
import { ArchiveDamage } from "./damage";
import { nextFrame } from "./zstd-frame";
import { zstdFrames } from "./zstd";

const gzipMagic = Buffer.from([0x1f, 0x8b]);
const zstdMagic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/** The bytes that were compressed, by gzip or zstd as their own first bytes say; what is neither passes as it is. */
export async function* decompressed(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const source = buffers(packed);
  const queue = new ByteQueue(source);
  try {
    await queue.has(zstdMagic.length);
    if (startsWith(queue, zstdMagic)) yield* unpackedFrames(queue);
    else if (startsWith(queue, gzipMagic)) yield* gunzipped(queue.rest());
    else yield* queue.rest();
  } finally {
    await source.return(undefined);
  }
}

function startsWith({ front }: ByteQueue, mark: Buffer): boolean {
  return front.subarray(0, mark.length).equals(mark);
}

async function* buffers(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  for await (const bytes of packed) yield Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

async function* gunzipped(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const unpacked = pipeline(
    Readable.from(packed, { objectMode: false }),
    createGunzip({ chunkSize: 256 * 1024 }),
    // A failure reaches whoever reads the last stream.
    () => undefined,
  );
  for await (const bytes of unpacked) yield bytes as Buffer;
}

/** One frame is unpacked on the thread pool while the one before it is used. */
async function* unpackedFrames(packed: ByteQueue): AsyncGenerator<Buffer> {
  const { decompress } = zstdFrames();
  const unpack = async () => {
    const frame = await nextFrame(packed);
    return frame && (await decompress(frame).catch(asDamage));
  };
  let coming = unpack();
  for (;;) {
    const bytes = await coming;
    if (!bytes) return;
    coming = unpack();
    // Whoever awaits it later hears of a failure; until then it must not count as one that nobody handles.
    coming.catch(() => undefined);
    yield bytes;
  }
}

function asDamage(error: unknown): never {
  throw new ArchiveDamage(`a frame of zstd cannot be unpacked: ${(error as Error).message}`, {
    cause: error,
  });
}
