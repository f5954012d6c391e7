import { secretSignature, signatureKey, type PropertyValue } from "./deployment";

/** The texts inside the secrets of a value, also as they look inside JSON. */
export function secretTexts(value: PropertyValue, inSecret = false): string[] {
  if (typeof value === "string") {
    // Also line by line: a message may show a key or a certificate indented.
    return inSecret ? [value, JSON.stringify(value).slice(1, -1), ...value.split("\n")] : [];
  }
  if (typeof value === "number") return inSecret ? [String(value)] : [];
  if (value === null || typeof value !== "object") return [];
  if (!Array.isArray(value) && value[signatureKey] === secretSignature)
    return secretTexts(value.value ?? null, true);
  return Object.values(value).flatMap((item) => secretTexts(item, inSecret));
}
