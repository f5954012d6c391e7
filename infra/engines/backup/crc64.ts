/** CRC-64 with the ECMA-182 polynomial in its reflected form, as mongodump's archives carry it; kept in two halves of 32 bits. */
const table = new Uint32Array(512);

for (let n = 0; n < 256; n++) {
  let high = 0;
  let low = n;
  for (let bit = 0; bit < 8; bit++) {
    const odd = low & 1;
    low = ((low >>> 1) | (high << 31)) >>> 0;
    high >>>= 1;
    if (odd) {
      high = (high ^ 0xc96c5795) >>> 0;
      low = (low ^ 0xd7870f42) >>> 0;
    }
  }
  table[2 * n] = high;
  table[2 * n + 1] = low;
}

export class Crc64 {
  #high = 0xffffffff;
  #low = 0xffffffff;

  update(bytes: Uint8Array): void {
    let high = this.#high;
    let low = this.#low;
    for (let n = 0; n < bytes.length; n++) {
      const at = ((low ^ (bytes[n] ?? 0)) & 0xff) << 1;
      low = (((low >>> 8) | (high << 24)) ^ (table[at + 1] ?? 0)) >>> 0;
      high = ((high >>> 8) ^ (table[at] ?? 0)) >>> 0;
    }
    this.#high = high;
    this.#low = low;
  }

  /** As the signed 64-bit number that the archive has. */
  get value(): bigint {
    const unsigned = (BigInt(~this.#high >>> 0) << 32n) | BigInt(~this.#low >>> 0);
    return BigInt.asIntN(64, unsigned);
  }
}
