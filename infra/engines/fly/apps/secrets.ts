import { createHash } from "node:crypto";
import type { FlySecret } from "../../../drivers/fly-api";
import { silent, type Secret } from "../../../support";
import type { AppOptions } from "./ensure-app";

/** The app's secrets as far as they may be known: no value, and a digest that another value changes. */
export interface SecretsState {
  names: string[];
  /** Of all names and digests: machines that were made under another one have old values. */
  digest: string;
  /** Of our own last write; machines are told to wait for it. */
  version: number | null;
}

/** Writes the wanted values and removes those that are no longer wanted. A digest tells what really changed. */
export async function ensureSecrets(
  app: string,
  wanted: Record<string, Secret>,
  former: readonly string[],
  { api, signal, progress = silent }: AppOptions,
): Promise<SecretsState> {
  const names = Object.keys(wanted);
  const seen = await api.secrets.list(app, { signal });
  const gone = former.filter((name) => !(name in wanted) && seen.some((one) => one.name === name));
  if (names.length === 0 && gone.length === 0) return stateOf(seen, null);
  progress(`writing ${names.length} secrets`);
  const removed = Object.fromEntries(gone.map((name) => [name, null]));
  const { version } = await api.secrets.write(app, { ...wanted, ...removed }, { signal });
  return stateOf(await api.secrets.list(app, { signal }), version);
}

export async function seeSecrets(
  app: string,
  { api, signal }: Pick<AppOptions, "api" | "signal">,
): Promise<SecretsState> {
  return stateOf(await api.secrets.list(app, { signal }), null);
}

/** The fingerprint of wanted values, for a state that must not hold them. */
export function fingerprintOfSecrets(values: Record<string, Secret>, salt: string): string {
  const hash = createHash("sha256").update(salt);
  for (const name of Object.keys(values).sort()) hash.update(`\0${name}\0${values[name]?.reveal() ?? ""}`);
  return hash.digest("hex").slice(0, 32);
}

function stateOf(seen: readonly FlySecret[], version: number | null): SecretsState {
  const pairs = seen.map(({ name, digest }) => `${name} ${digest}`).sort();
  const digest = createHash("sha256").update(pairs.join("\n")).digest("hex").slice(0, 16);
  return { names: seen.map(({ name }) => name).sort(), digest, version };
}
