import { publicKeyOf } from "../../../../../infra/engines/backup/encryption/public-key";
import { newKeyPair } from "./age-bytes";

/** What age's own documentation shows, and the bytes that another reader of Bech32 finds in it. */
const known = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
const bytes = "07e22f5e44a542e8dc8e753a42251e1010cc79d192b3f71c5b1c95645209997a";

test("a public key is the 32 bytes that it writes", () => {
  expect(publicKeyOf(known)?.toString("hex")).toBe(bytes);
});

test("a key that the package makes is one", async () => {
  const { recipient } = await newKeyPair();
  expect(publicKeyOf(recipient)).toHaveLength(32);
});

test("a key with any one letter mistyped is none", () => {
  const mistyped = Array.from(known, (letter, at) => {
    const other = letter === "q" ? "p" : "q";
    return known.slice(0, at) + other + known.slice(at + 1);
  });
  expect(mistyped.filter((key) => publicKeyOf(key))).toEqual([]);
});

test.each([
  ["nothing", ""],
  ["a private key", "AGE-SECRET-KEY-1QQPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LQQPZRY9X8GF2TVDW0S"],
  ["a key in capitals", known.toUpperCase()],
  ["a key with a letter too few", known.slice(0, -1)],
  ["a key of another kind", known.replace("age1", "age1pq1")],
])("%s is none", (_what, text) => {
  expect(publicKeyOf(text)).toBeUndefined();
});
