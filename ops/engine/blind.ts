/** The key that marks a wrapped value in Pulumi's properties, and its value for a secret. */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** The same value with "[secret]" in the place of every wrapped secret. */
export function blind(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(blind);
  if (typeof value !== "object" || value === null) return value;
  return isSecret(value) ? "[secret]" : blindAll(value as Record<string, unknown>);
}

export function blindAll(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, blind(value)]));
}

/** The same value with every wrapped secret opened. */
export function unwrap(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrap);
  if (typeof value !== "object" || value === null) return value;
  if (isSecret(value)) return unwrap((value as { value?: unknown }).value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unwrap(inner)]));
}

function isSecret(value: object): boolean {
  return (value as Record<string, unknown>)[signatureKey] === secretSignature;
}
