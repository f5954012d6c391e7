import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { ByteSink } from "./byte-sink";
import { ParallelBlocks } from "./parallel-blocks";
import { zstdFrames } from "./zstd";

/** "default" balances, "small" is mongodump's size, "fast" gives the least work, "none" leaves the bytes as they are. */
export type CompressionPreset = "none" | "default" | "small" | "fast";

/** What a reader has to undo. */
export type Compression = "none" | "gzip" | "zstd";

const gzipBlock = promisify(gzip);
/** Larger ones compress hardly better and need more memory. */
const blockBytes = 1024 * 1024;
const inFlight = 3;

const gzipLevels = { default: 5, small: 6 } as const;
/** A larger table of what was seen costs a quarter of a megabyte and saves a tenth of the work; a block comes in one piece. */
const gzipRoom = { memLevel: 9, chunkSize: 256 * 1024 };
const fastLevel = 3;

export function compressionOf(preset: CompressionPreset): Compression {
  if (preset === "none") return "none";
  return preset === "fast" ? "zstd" : "gzip";
}

/** Compresses what is written, as one valid stream of gzip or zstd, several blocks at a time. */
export function compressingSink(next: ByteSink, preset: CompressionPreset): ByteSink {
  if (preset === "none") return next;
  if (preset === "fast") {
    const { compress } = zstdFrames();
    return new ParallelBlocks(next, {
      blockBytes,
      inFlight,
      compress: (block) => compress(block, fastLevel),
    });
  }
  const options = { level: gzipLevels[preset], ...gzipRoom };
  return new ParallelBlocks(next, { blockBytes, inFlight, compress: (block) => gzipBlock(block, options) });
}
