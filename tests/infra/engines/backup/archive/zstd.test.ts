import { randomBytes } from "node:crypto";
import * as zlib from "node:zlib";
import { zstdFrames } from "../../../../../infra/engines/backup/archive/zstd";

const block = Buffer.concat([Buffer.from("the goblin falls back ".repeat(4000)), randomBytes(3000)]);
const library = zstdFrames({ constants: {} });

type Done = (error: Error | null, bytes: Buffer) => void;

test("a Node that has zstd is asked for it, at the level that was wanted", async () => {
  const asked: unknown[] = [];
  const frames = zstdFrames({
    constants: { ZSTD_c_compressionLevel: 100 },
    zstdCompress: (_: Buffer, options: object, done: Done) => {
      asked.push(options);
      done(null, Buffer.from("packed"));
    },
    zstdDecompress: (_: Buffer, _options: object, done: Done) => done(null, Buffer.from("unpacked")),
  });
  expect(String(await frames.compress(block, 3))).toBe("packed");
  expect(String(await frames.decompress(block))).toBe("unpacked");
  expect(asked).toEqual([{ params: { 100: 3 } }]);
});

test.each([
  ["nothing of it", { constants: {} }],
  ["only one half of it", { constants: { ZSTD_c_compressionLevel: 100 }, zstdCompress: () => undefined }],
])("a Node that has %s is not asked", async (_, node) => {
  const { compress, decompress } = zstdFrames(node);
  const frame = await compress(block, 3);
  expect(frame.length).toBeLessThan(block.length);
  expect((await decompress(frame)).equals(block)).toBe(true);
});

test("what this Node packs the library unpacks, and the other way round", async () => {
  const own = zstdFrames(zlib as Parameters<typeof zstdFrames>[0]);
  expect((await library.decompress(await own.compress(block, 3))).equals(block)).toBe(true);
  expect((await own.decompress(await library.compress(block, 3))).equals(block)).toBe(true);
});
