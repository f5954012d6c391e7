import {
  secretSignature,
  signatureKey,
  unknownSentinel,
  type Properties,
  type PropertyValue,
} from "../deployment";

const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const referenceSignature = "5cf8f73096256a8f31e491e813e4eb8e";

export function isObject(value: PropertyValue | undefined): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function hasSignature(value: PropertyValue | undefined, signature: string): value is Properties {
  return isObject(value) && value[signatureKey] === signature;
}

/** A secret, as it travels and as it stands in memory. */
export function isSecret(value: PropertyValue | undefined): value is Properties {
  return hasSignature(value, secretSignature);
}

export function wrapSecret(value: PropertyValue): Properties {
  return { [signatureKey]: secretSignature, value };
}

export function isUnknown(value: PropertyValue | undefined): boolean {
  return (
    value === unknownSentinel || (hasSignature(value, outputSignature) && !("value" in (value as Properties)))
  );
}

/** Makes the same value again, asking `change` for every part of it from the outside in; undefined keeps the part. */
function rebuild(
  value: PropertyValue,
  change: (part: PropertyValue) => PropertyValue | undefined,
): PropertyValue {
  const changed = change(value);
  if (changed !== undefined) return changed;
  if (Array.isArray(value)) return value.map((item) => rebuild(item, change));
  if (!isObject(value)) return value;
  return mapProperties(value, (item) => rebuild(item, change));
}

export function mapProperties(
  properties: Properties,
  change: (value: PropertyValue, key: string) => PropertyValue,
): Properties {
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, change(value, key)]));
}

/** The same properties in the clear, for providers that take no secrets and for comparing. */
export function withoutSecrets(properties: Properties): Properties {
  const open = (part: PropertyValue): PropertyValue | undefined =>
    isSecret(part) ? rebuild(part.value ?? null, open) : undefined;
  return rebuild(properties, open) as Properties;
}

/** Resource references as the ids (or, of components, the URNs) that older providers expect. */
export function withoutReferences(properties: Properties): Properties {
  return rebuild(properties, (part) => {
    if (!hasSignature(part, referenceSignature)) return undefined;
    return "id" in part ? (part.id ?? null) : (part.urn ?? null);
  }) as Properties;
}

function holds(
  value: PropertyValue | undefined,
  what: (part: PropertyValue | undefined) => boolean,
): boolean {
  if (what(value)) return true;
  if (Array.isArray(value)) return value.some((item) => holds(item, what));
  return isObject(value) && Object.values(value).some((item) => holds(item, what));
}

export const holdsSecret = (value: PropertyValue | undefined): boolean => holds(value, isSecret);
export const holdsUnknown = (value: PropertyValue | undefined): boolean => holds(value, isUnknown);

/** Marks as secret what the names say, and what came in as a secret under the same name. */
export function markSecrets(
  outputs: Properties,
  inputs: Properties,
  names: readonly string[] = [],
): Properties {
  return mapProperties(outputs, (value, key) => {
    const secret = names.includes(key) || holdsSecretAtTop(inputs[key]);
    return secret && !isSecret(value)
      ? wrapSecret(withoutSecrets({ value }).value ?? null)
      : annotate(value, inputs[key]);
  });
}

const holdsSecretAtTop = (value: PropertyValue | undefined): boolean => isSecret(value);

/** Deeper down, a part whose twin among the inputs is a secret becomes one too; a list with one in it becomes one whole. */
function annotate(value: PropertyValue, input: PropertyValue | undefined): PropertyValue {
  if (isObject(value) && isObject(input) && !(signatureKey in value)) return markSecrets(value, input);
  if (Array.isArray(value) && Array.isArray(input) && holdsSecret(input)) {
    return wrapSecret(withoutSecrets({ value }).value ?? null);
  }
  return value;
}

/** Whether two values say the same, secrets compared by what they hold. */
export function sameValue(a: PropertyValue | undefined, b: PropertyValue | undefined): boolean {
  if (isSecret(a)) return sameValue(a.value, isSecret(b) ? b.value : b);
  if (isSecret(b)) return sameValue(a, b.value);
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, n) => sameValue(item, b[n]));
  if (!isObject(a)) return a === b;
  if (!isObject(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => sameValue(a[key], b[key]));
}
