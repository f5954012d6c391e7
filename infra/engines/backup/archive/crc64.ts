/**
 * CRC-64 with the ECMA-182 polynomial in its reflected form, as mongodump's archives carry it. Numbers of 64 bits are
 * slow in JavaScript, so it is kept in two halves of 32 bits, and eight bytes are taken at a time from eight tables.
 */
const lows = new Int32Array(8 * 256);
const highs = new Int32Array(8 * 256);

for (let n = 0; n < 256; n++) {
  let high = 0;
  let low = n;
  for (let bit = 0; bit < 8; bit++) {
    const odd = low & 1;
    low = (low >>> 1) | (high << 31);
    high >>>= 1;
    if (odd) {
      high ^= 0xc96c5795;
      low ^= 0xd7870f42;
    }
  }
  lows[n] = low;
  highs[n] = high;
}
for (let at = 256; at < 8 * 256; at++) {
  const low = lows[at - 256] as number;
  const high = highs[at - 256] as number;
  const first = low & 0xff;
  lows[at] = ((low >>> 8) | (high << 24)) ^ (lows[first] as number);
  highs[at] = (high >>> 8) ^ (highs[first] as number);
}

export class Crc64 {
  #high = -1;
  #low = -1;

  update(bytes: Uint8Array): void {
    let high = this.#high;
    let low = this.#low;
    let n = 0;
    const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (const end = bytes.length - 7; n < end; n += 8) {
      low ^= words.getInt32(n, true);
      high ^= words.getInt32(n + 4, true);
      const a = 1792 + (low & 0xff);
      const b = 1536 + ((low >>> 8) & 0xff);
      const c = 1280 + ((low >>> 16) & 0xff);
      const d = 1024 + (low >>> 24);
      const e = 768 + (high & 0xff);
      const f = 512 + ((high >>> 8) & 0xff);
      const g = 256 + ((high >>> 16) & 0xff);
      const h = high >>> 24;
      low = at(lows, a) ^ at(lows, b) ^ at(lows, c) ^ at(lows, d);
      low ^= at(lows, e) ^ at(lows, f) ^ at(lows, g) ^ at(lows, h);
      high = at(highs, a) ^ at(highs, b) ^ at(highs, c) ^ at(highs, d);
      high ^= at(highs, e) ^ at(highs, f) ^ at(highs, g) ^ at(highs, h);
    }
    for (; n < bytes.length; n++) {
      const index = (low ^ (bytes[n] as number)) & 0xff;
      low = ((low >>> 8) | (high << 24)) ^ at(lows, index);
      high = (high >>> 8) ^ at(highs, index);
    }
    this.#high = high;
    this.#low = low;
  }

  /** As the signed 64-bit number that the archive has. */
  get value(): bigint {
    return (BigInt(~this.#high) << 32n) | BigInt(~this.#low >>> 0);
  }
}

function at(table: Int32Array, index: number): number {
  return table[index] as number;
}
