/** What is known to let its reader in, wherever it stands in a text. */
const secrets: readonly [RegExp, string][] = [
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^@/\s"']+@/gi, "$1[secret]@"],
  [
    /\b((?:api[-_]?)?(?:token|password|passwd|pwd|secret|passphrase|key|authorization)"?\s*[=:]\s*)(?:bearer\s+)?[^\s&,;"'}]+/gi,
    "$1[secret]",
  ],
  [/\b(bearer|flyv1)\s+[\w.~+/=,-]{8,}/gi, "$1 [secret]"],
  [/(https:\/\/hooks\.[^/\s]+\/)[^\s"']+/gi, "$1[secret]"],
  [/\bAGE-SECRET-KEY-[0-9A-Z]+/gi, "[secret]"],
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g, "[secret]"],
  [/\b(?:xox[abposr]-|gh[pousr]_|github_pat_|fo1_|fm[12][a-z]?_|pul-)[\w-]{8,}/g, "[secret]"],
];

/** One of these stands in whatever those find: nearly every text is done with after one look. */
const suspicious = /:|=|bearer|flyv1|AGE-SECRET|A(?:KIA|SIA)|xox|gh[pousr]_|github_pat_|fo1_|fm[12]|pul-/i;

/** A text without what nobody may read on a page: what people write into reasons and errors bring along is not to be trusted. */
export function redacted(text: string): string {
  if (!suspicious.test(text)) return text;
  return secrets.reduce((left, [found, instead]) => left.replace(found, instead), text);
}

/** The same value with every text in it redacted. */
export function redactedThroughout<T>(value: T): T {
  return walked(value) as T;
}

function walked(value: unknown): unknown {
  if (typeof value === "string") return redacted(value);
  if (Array.isArray(value)) return value.map(walked);
  if (value === null || typeof value !== "object" || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, walked(part)]));
}
