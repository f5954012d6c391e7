import { UnknownOutcome, type AddressType, type FlyAddress } from "../../../drivers/fly-api";
import { silent } from "../../../support";
import type { AppOptions } from "./ensure-app";

/** The addresses that an app is to have; more are left alone and shown as drift. */
export interface AddressesWanted {
  sharedV4: boolean;
  /** Dedicated ones, which are paid for. */
  v4: number;
  v6: number;
  privateV6: number;
  /** A fixed address for what leaves the app, by region: for lists of who may call a database. */
  egressRegions: readonly string[];
}

export interface AddressSeen {
  ip: string;
  type: string;
  region: string;
}

/** What of the wanted is missing, in the order in which it is assigned. */
export function missingAddresses(
  wanted: AddressesWanted,
  seen: readonly AddressSeen[],
): { type: AddressType; region?: string }[] {
  const count = (type: string) => seen.filter((one) => one.type === type).length;
  const more = (type: AddressType, most: number) =>
    Array.from({ length: Math.max(0, most - count(type)) }, () => ({ type }));
  const egress = wanted.egressRegions
    .filter((region) => !seen.some((one) => one.type === "egress_v4" && one.region === region))
    .map((region) => ({ type: "egress_pair" as const, region }));
  return [
    ...more("v6", wanted.v6),
    ...more("shared_v4", wanted.sharedV4 ? 1 : 0),
    ...more("v4", wanted.v4),
    ...more("private_v6", wanted.privateV6),
    ...egress,
  ];
}

/** Assigns what is missing and releases nothing: an address that is gone does not come back. */
export async function ensureAddresses(
  app: string,
  wanted: AddressesWanted,
  { api, signal, progress = silent }: AppOptions,
): Promise<AddressSeen[]> {
  let seen = await seeAddresses(app, { api, signal });
  // After each one look again: an address whose answer was lost must not be paid for twice.
  for (let [next] = missingAddresses(wanted, seen); next; [next] = missingAddresses(wanted, seen)) {
    progress(`assigning a ${next.type} address`);
    const had = seen.length;
    await api.addresses.assign(app, next, { signal }).catch((error: unknown) => {
      if (!(error instanceof UnknownOutcome)) throw error;
    });
    seen = await seeAddresses(app, { api, signal });
    if (seen.length === had) throw new Error(`no list shows the new ${next.type} address of ${app}`);
  }
  return seen;
}

export async function seeAddresses(
  app: string,
  { api, signal }: Pick<AppOptions, "api" | "signal">,
): Promise<AddressSeen[]> {
  const list = await api.addresses.list(app, { signal });
  return list.map((one) => ({ ip: one.ip, type: typeOf(one), region: one.region ?? "global" }));
}

/** Lists often leave the type out: the address itself tells. */
function typeOf({ type, ip, shared, network }: FlyAddress): string {
  if (type) return type;
  if (shared) return "shared_v4";
  if (network) return "private_v6";
  return ip.includes(":") ? "v6" : "v4";
}
