import { BSON, type Document } from "mongodb";

const { EJSON } = BSON;

// Whole words of a field's name, however they are joined: `passwordHash` and `api_key`, not `monkey` or `tokenizer`.
const secretWords =
  /^(?:pass|passwd|password|passphrase|pwd|secret|secrets|token|tokens|hash|salt|otp|pin|cookie|cookies|credential|credentials|authorization|signature)$/;
const secretPairs = /^(?:api|access|private|secret|signing|encryption|session)(?:key|keys|id)$/;
const hidden = "[hidden]";
const longestText = 60;
const mostItems = 5;

/** A document as it may be shown to whoever reads a preview: no secret in full, nobody's address, nothing long. */
export function discreet(document: Document): Document {
  return shown(EJSON.serialize(document, { relaxed: true })) as Document;
}

function shown(value: unknown): unknown {
  if (typeof value === "string") return shownText(value);
  if (Array.isArray(value)) return shownList(value);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([field, inner]) => [
      field,
      isSecret(field) && inner !== null ? hidden : shown(inner),
    ]),
  );
}

function shownList(items: unknown[]): unknown[] {
  const some = items.slice(0, mostItems).map(shown);
  return items.length > mostItems ? [...some, `… ${items.length - mostItems} more`] : some;
}

function shownText(text: string): string {
  const safe = text
    .replace(/:\/\/[^/@\s]*@/g, `://${hidden}@`)
    .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, hidden)
    .replace(/\bBearer\s+\S+/gi, `Bearer ${hidden}`)
    .replace(/[\w.+-]+@([\w-]+\.[\w.-]+)/g, "…@$1");
  return safe.length > longestText ? `${safe.slice(0, longestText)}… (${text.length} characters)` : safe;
}

function isSecret(field: string): boolean {
  const words = field
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  return words.some(
    (word, n) =>
      secretWords.test(word) || secretPairs.test(word) || secretPairs.test(`${word}${words[n + 1] ?? ""}`),
  );
}
