/** Bech32 (BIP 173), in which age writes its keys: letters of five bits each, the last six a checksum. */
const letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const checksumLetters = 6;
const kind = "age";
const keyBytes = 32;

/** The X25519 key that a recipient of age names; undefined for one of another kind, or for none at all. */
export function publicKeyOf(recipient: string): Buffer | undefined {
  // Half in capitals is no Bech32, and all in capitals is how age writes private keys.
  if (!recipient.startsWith(`${kind}1`)) return undefined;
  const values = [...recipient.slice(kind.length + 1)].map((letter) => letters.indexOf(letter));
  if (values.includes(-1) || checksum([...expandedKind, ...values]) !== 1) return undefined;
  return bytesOf(values.slice(0, -checksumLetters));
}

const codes = [...kind].map((letter) => letter.charCodeAt(0));
const expandedKind = [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];

function checksum(values: readonly number[]): number {
  return values.reduce((sum, value) => {
    const shifted = ((sum & 0x1ffffff) << 5) ^ value;
    return generators.reduce((mixed, one, bit) => ((sum >> (25 + bit)) & 1 ? mixed ^ one : mixed), shifted);
  }, 1);
}

/** Whole bytes of groups of five bits; what is left over must be zeros. */
function bytesOf(values: readonly number[]): Buffer | undefined {
  const bits = values.map((value) => value.toString(2).padStart(5, "0")).join("");
  const whole = bits.match(/.{8}/g) ?? [];
  const rest = bits.slice(whole.length * 8);
  if (whole.length !== keyBytes || rest.length > 4 || rest.includes("1")) return undefined;
  return Buffer.from(whole.map((byte) => parseInt(byte, 2)));
}
