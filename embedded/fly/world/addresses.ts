import { randomBytes } from "node:crypto";
import { refusePlainly } from "../refusal";

export const addressKinds = [
  "v4",
  "v6",
  "shared_v4",
  "private_v6",
  "egress_v4",
  "egress_v6",
  "egress_pair",
] as const;
export type AddressKind = (typeof addressKinds)[number];

export interface Address {
  ip: string;
  kind: AddressKind;
  region: string;
  serviceName: string;
  createdAt: number;
  network: { name: string; org_slug: string } | null;
}

export interface AddressWish {
  type: AddressKind;
  region: string | undefined;
  serviceName: string | undefined;
  network: { name: string; org_slug: string } | null;
}

const sharedAddress = "66.241.124.10";

/** The addresses of an app. */
export class AddressBook {
  #all: Address[] = [];

  constructor(private readonly now: () => number) {}

  get all(): readonly Address[] {
    return this.#all;
  }

  /** The shared address is the same for all, and twice it is still one. */
  assign(wish: AddressWish): Address[] {
    const shared = this.#all.find(({ kind }) => kind === "shared_v4");
    if (wish.type === "shared_v4" && shared) return [shared];
    const kinds: AddressKind[] = wish.type === "egress_pair" ? ["egress_v4", "egress_v6"] : [wish.type];
    const given = kinds.map((kind) => ({
      ip: addressOf(kind),
      kind,
      region: wish.region ?? "global",
      serviceName: wish.serviceName ?? "",
      createdAt: this.now(),
      network: wish.network,
    }));
    this.#all.push(...given);
    return given;
  }

  release(ip: string): void {
    if (!this.#all.some((one) => one.ip === ip)) throw refusePlainly(404, "ip address not found");
    this.#all = this.#all.filter((one) => one.ip !== ip);
  }
}

function addressOf(kind: AddressKind): string {
  if (kind === "shared_v4") return sharedAddress;
  const bytes = randomBytes(4);
  if (kind === "v4" || kind === "egress_v4") return `137.66.${bytes[0]}.${bytes[1]}`;
  const tail = `${bytes.readUInt16BE(0).toString(16)}:${bytes.readUInt16BE(2).toString(16)}`;
  return kind === "private_v6" ? `fdaa:0:1:0:1::${tail}` : `2a09:8280:1::${tail}`;
}
