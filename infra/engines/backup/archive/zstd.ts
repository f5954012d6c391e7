import { promisify } from "node:util";
import * as zlib from "node:zlib";

/** Whole frames of zstd, made and read on the thread pool. */
export interface ZstdFrames {
  compress(block: Buffer, level: number): Promise<Buffer>;
  decompress(frame: Buffer): Promise<Buffer>;
}

type Work = (bytes: Buffer, options: object) => Promise<Buffer>;

/** Node 22.15 and later have it themselves, which the types of the oldest Node that this runs on do not say. */
interface NodeZstd {
  zstdCompress?: unknown;
  zstdDecompress?: unknown;
  constants: { ZSTD_c_compressionLevel?: number };
}

/** Node's own where it has one, else a library that needs no install script. */
export function zstdFrames(node: NodeZstd = zlib as NodeZstd): ZstdFrames {
  const { zstdCompress, zstdDecompress, constants } = node;
  const parameter = constants.ZSTD_c_compressionLevel;
  if (typeof zstdCompress !== "function" || typeof zstdDecompress !== "function" || parameter === undefined)
    return libraryFrames();
  const compress = promisify(zstdCompress as never) as Work;
  const decompress = promisify(zstdDecompress as never) as Work;
  return {
    compress: (block, level) => compress(block, { params: { [parameter]: level } }),
    decompress: (frame) => decompress(frame, {}),
  };
}

function libraryFrames(): ZstdFrames {
  const { Encoder, Decoder } = require("@toondepauw/node-zstd") as typeof import("@toondepauw/node-zstd");
  return {
    // One for each block: a second call of the same one would wait for the first.
    compress: (block, level) => new Encoder(level).encode(block),
    decompress: (frame) => new Decoder().decode(frame),
  };
}
