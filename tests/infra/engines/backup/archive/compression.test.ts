import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { gunzipSync } from "node:zlib";
import {
  compressingSink,
  decompressed,
  type CompressionPreset,
} from "../../../../../infra/engines/backup/archive";
import { describeWith } from "../../../../harness/tools";

/** Five blocks and a bit: half of it can be made smaller. */
const bytes = Buffer.concat([Buffer.alloc(2_700_000, "hero "), randomBytes(2_600_000)]);

async function pack(preset: CompressionPreset, content: Buffer = bytes): Promise<Buffer> {
  const out: Uint8Array[] = [];
  let ended = 0;
  const last = { write: async (part: Uint8Array) => void out.push(part), end: async () => void ended++ };
  const sink = compressingSink(last, preset);
  for (let at = 0; at < content.length; at += 700_001) await sink.write(content.subarray(at, at + 700_001));
  await sink.end();
  expect(ended).toBe(1);
  return Buffer.concat(out);
}

async function unpack(packed: Buffer, piece = 65_536): Promise<Buffer> {
  async function* pieces() {
    for (let at = 0; at < packed.length; at += piece) yield packed.subarray(at, at + piece);
  }
  const out: Buffer[] = [];
  for await (const part of decompressed(pieces())) out.push(part);
  return Buffer.concat(out);
}

const presets = ["none", "default", "small", "fast"] as const;

test.each(presets)("what was compressed with the preset %s comes back as it was", async (preset) => {
  const packed = await pack(preset);
  expect(packed.length < bytes.length).toBe(preset !== "none");
  expect((await unpack(packed)).equals(bytes)).toBe(true);
  expect((await unpack(packed, 1_000_003)).equals(bytes)).toBe(true);
});

test.each(["default", "small"] as const)("%s is one valid stream of gzip", async (preset) => {
  expect(gunzipSync(await pack(preset)).equals(bytes)).toBe(true);
});

describeWith("zstd")("zstd itself", () => {
  const zstd = (input: Buffer, ...options: string[]) =>
    spawnSync("zstd", ["-c", ...options], { input, maxBuffer: 1e8 }).stdout;

  test("reads what the preset fast wrote", async () => {
    expect(zstd(await pack("fast"), "-d").equals(bytes)).toBe(true);
  });

  test("is read by us, with the checksums and sizes that it adds", async () => {
    expect((await unpack(zstd(bytes, "--check"))).equals(bytes)).toBe(true);
  });
});

test.each(["default", "fast"] as const)("a cut stream of the preset %s is refused", async (preset) => {
  const packed = await pack(preset, bytes.subarray(2_600_000, 2_800_000));
  for (const length of [packed.length - 1, packed.length >> 1, 20])
    await expect(unpack(packed.subarray(0, length))).rejects.toThrow();
});

test("after a block that could not be written no more is, and whoever writes hears of it", async () => {
  let writes = 0;
  const full = {
    write: async () => {
      writes++;
      throw new Error("no space left");
    },
    end: async () => undefined,
  };
  const sink = compressingSink(full, "default");
  const all = (async () => {
    for (let n = 0; n < 20; n++) await sink.write(bytes);
  })();
  await expect(all).rejects.toThrow("no space left");
  expect(writes).toBe(1);
});
