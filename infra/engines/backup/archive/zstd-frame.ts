import type { ByteQueue } from "./byte-queue";
import { ArchiveDamage } from "./damage";

const frameMagic = 0xfd2fb528;
const skippableMagic = 0x184d2a50;
/** Ours are a fraction of it; a frame is taken as a whole, so one that is larger would fill the memory. */
const largestFrame = 64 * 1024 * 1024;

/** The next whole frame of a zstd stream, by its own lengths; undefined where the stream ends. */
export async function nextFrame(bytes: ByteQueue): Promise<Buffer | undefined> {
  while (await bytes.has(1)) {
    await needs(bytes, 8);
    const mark = bytes.front.readUInt32LE(0);
    if (mark === frameMagic) return bytes.take(await frameLength(bytes));
    if ((mark & 0xfffffff0) >>> 0 !== skippableMagic)
      throw new ArchiveDamage("a frame of zstd does not begin");
    const length = 8 + bytes.front.readUInt32LE(4);
    await needs(bytes, length);
    bytes.take(length);
  }
  return undefined;
}

async function frameLength(bytes: ByteQueue): Promise<number> {
  const descriptor = bytes.front[4] as number;
  let at = 5 + headerRest(descriptor);
  for (let last = false; !last;) {
    await needs(bytes, at + 3);
    const block = bytes.front.readUIntLE(at, 3);
    const kind = (block >> 1) & 3;
    if (kind === 3) throw new ArchiveDamage("a frame of zstd has a block of an unknown kind");
    last = (block & 1) === 1;
    at += 3 + (kind === repeated ? 1 : block >> 3);
  }
  const length = at + (descriptor & hasChecksum ? 4 : 0);
  await needs(bytes, length);
  return length;
}

const repeated = 1;
const hasChecksum = 0x04;
const isSingleSegment = 0x20;

/** Window, dictionary and content size, as far as the descriptor says that they are there. */
function headerRest(descriptor: number): number {
  const single = (descriptor & isSingleSegment) !== 0;
  const dictionary = [0, 1, 2, 4][descriptor & 3] as number;
  const size = [single ? 1 : 0, 2, 4, 8][descriptor >> 6] as number;
  return (single ? 0 : 1) + dictionary + size;
}

async function needs(bytes: ByteQueue, length: number): Promise<void> {
  if (length > largestFrame)
    throw new ArchiveDamage(
      "a frame of zstd is too large to be read as a whole: unpack it with zstd -d first",
    );
  if (!(await bytes.has(length))) throw new ArchiveDamage("it ends in the middle of a frame of zstd");
}
