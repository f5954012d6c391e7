import { BlockList, isIP } from "node:net";
import { WrongAddressError } from "./errors";

/** Whether an address is one of those that are let through, or in one of their networks. */
export function isAllowed(address: string | undefined, allowed: readonly string[]): boolean {
  const plain = address && unmapped(address);
  if (!plain || isIP(plain) === 0) return false;
  return allowed.some((one) => holds(one, plain));
}

/** What was written into the switch by hand and is no address lets nobody through, and keeps nobody from being answered. */
function holds(given: string, plain: string): boolean {
  const list = new BlockList();
  try {
    add(list, given);
  } catch {
    return false;
  }
  return list.check(plain, familyOf(plain));
}

/** Refuses what is neither an address nor a network, before it is stored. */
export function requireAddresses(given: readonly string[]): void {
  for (const one of given) add(new BlockList(), one);
}

/** Where a request comes from: what the last proxy saw, for all before that is the word of the one who asks. */
export function addressOf(request: Request, behindFly: boolean): string | undefined {
  const { headers } = request;
  const fly = behindFly ? headers.get("fly-client-ip") : null;
  const passed = headers.get("x-forwarded-for")?.split(",").at(-1)?.trim();
  const peer = headers.get("x-peer-address") ?? undefined;
  // Only a proxy on this computer may speak for somebody else.
  const proxied = peer === undefined || isAllowed(peer, ["127.0.0.0/8", "::1"]);
  return fly ?? (proxied ? passed : undefined) ?? peer;
}

function add(list: BlockList, given: string): void {
  const [address = "", bits] = given.split("/");
  const plain = unmapped(address);
  if (isIP(plain) === 0) throw new WrongAddressError(given);
  const prefix = Number(bits);
  const most = isIP(plain) === 4 ? 32 : 128;
  if (bits === undefined) list.addAddress(plain, familyOf(plain));
  else if (/^\d{1,3}$/.test(bits) && prefix <= most) list.addSubnet(plain, prefix, familyOf(plain));
  else throw new WrongAddressError(given);
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 6 ? "ipv6" : "ipv4";
}

/** An address of IPv4 as a socket of IPv6 shows it. */
function unmapped(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, "");
}
