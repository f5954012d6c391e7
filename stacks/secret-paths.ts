/** What a command that cannot decrypt a settings file reads in place of ciphertext. */
export const encrypted = "[secret]";

/** Of the guides' names: an app need not have them, and one that it has signs or encrypts. */
export const signingSecrets = ["JWT_SECRET", "JWT_REFRESH_SECRET", "ENCRYPTION_SECRET"] as const;

/** Where secrets stand among the settings of a stack; `*` is any name. */
export const secretPaths: readonly (readonly string[])[] = [
  ["app", "secrets", "*"],
  ["app", "certificates", "*", "key"],
  ["database", "uri"],
  ["database", "key"],
  ["database", "previousKey"],
  ["monitoring", "token"],
  ["monitoring", "services", "*", "password"],
  ["monitoring", "channels", "*", "config", "webhook"],
  ["monitoring", "channels", "*", "config", "token"],
  ["monitoring", "channels", "*", "config", "integrationKey"],
  ["monitoring", "channels", "*", "config", "secret"],
  ["monitoring", "channels", "*", "config", "smtp", "password"],
];

/** Whether what stands at a path is a secret or lies in one. */
export function isSecretPath(path: readonly PropertyKey[]): boolean {
  return secretPaths.some((secret) => secret.length <= path.length && agree(secret, path));
}

/** Whether secrets may lie in what stands at a path. */
export function mayHoldSecrets(path: readonly PropertyKey[]): boolean {
  return secretPaths.some((secret) => secret.length > path.length && agree(secret, path));
}

function agree(secret: readonly string[], path: readonly PropertyKey[]): boolean {
  const length = Math.min(secret.length, path.length);
  return secret.slice(0, length).every((name, at) => name === "*" || name === path[at]);
}
