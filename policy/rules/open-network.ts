import { isIP } from "node:net";

/** Wider than one organization's own network is open to strangers, whatever its address begins with. */
const narrowest = { 4: 16, 6: 48 };
const whole = { 4: 32, 6: 128 };

/** Why an entry of an access list lets in more than one network; nothing where it does not. */
export function whyNotClosed(entry: string): string[] {
  const [address = "", prefix] = entry.trim().split("/");
  const family = isIP(address);
  if (family !== 4 && family !== 6) return [`lets ${entry} in, which is no address`];
  const nobody = /^[0.:]+$/.test(address);
  const width = prefix === undefined ? whole[family] : Number(prefix);
  return width >= narrowest[family] && !nobody ? [] : [`lets ${entry} in`];
}
