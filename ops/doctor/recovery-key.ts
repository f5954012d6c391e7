import { missing, type Finding } from "./finding";

const setting = "backup.recoveryRecipient";
const remedy = `Run age-keygen -o recovery.txt away from this machine, keep the file offline, and set ${setting} to its public key (docs/keys.md).`;

/** In production one key must open every archive that is on no machine which can be lost with the rest. */
export function recoveryKeyTrap(
  environment: unknown,
  { enabled, recipients, recoveryRecipient }: Record<string, unknown>,
): Finding | undefined {
  if (environment !== "production" || enabled === false) return undefined;
  if (recoveryRecipient === undefined)
    return missing(setting, "archives of production have no recovery key that is kept offline", remedy);
  const others = Array.isArray(recipients) ? recipients : [];
  if (others.includes(recoveryRecipient))
    return missing(setting, "the recovery key is also one that machines use: it is not offline", remedy);
  return undefined;
}
