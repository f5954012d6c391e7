import { BlockList, isIPv4 } from "node:net";

/** Whether one of the networks, or addresses, holds an address; only those of IPv4 count. */
export function isAmong(networks: readonly string[], address: string): boolean {
  const list = new BlockList();
  for (const one of networks) {
    const [network = "", prefix = "32"] = one.split("/");
    if (isIPv4(network)) list.addSubnet(network, Number(prefix));
  }
  return list.check(address);
}
