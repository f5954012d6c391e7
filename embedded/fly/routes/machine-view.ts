import { imageDigest } from "../world/ids";
import type { Machine } from "../world/machine";

/** A machine as the API shows it. */
export function viewOf(machine: Machine, more: { lease?: boolean } = {}): Record<string, unknown> {
  const { config } = machine;
  const reachable = machine.hostStatus === "ok";
  const lease = machine.leases.current;
  return {
    id: machine.id,
    name: machine.name,
    state: machine.state,
    region: machine.region,
    instance_id: machine.version,
    version: machine.version,
    private_ip: machine.privateIp,
    ...(reachable ? { config } : { incomplete_config: config }),
    image_ref: imageOf(config.image),
    created_at: time(machine.createdAt),
    updated_at: time(machine.updatedAt),
    events: machine.events.list.slice(0, 20),
    checks: [...machine.checks.values()],
    host_status: machine.hostStatus,
    cordoned: machine.cordoned,
    ...(more.lease && lease
      ? {
          lease: {
            expires_at: Math.floor(lease.expiresAt / 1000),
            owner: lease.owner,
            version: lease.version,
          },
        }
      : {}),
  };
}

export function time(ms: number): string {
  return new Date(ms).toISOString();
}

/** "host/name:tag@digest" in its parts. */
export function imageOf(image: string): Record<string, string | null | Record<string, string>> {
  const [named = "", given] = image.split("@");
  const slash = named.indexOf("/");
  const first = named.slice(0, Math.max(0, slash));
  const isHost = /[.:]/.test(first) || first === "localhost";
  const rest = isHost ? named.slice(slash + 1) : named;
  const colon = rest.lastIndexOf(":");
  return {
    registry: isHost ? first : "docker-hub-mirror.fly.io",
    repository: colon < 0 ? rest : rest.slice(0, colon),
    tag: colon < 0 ? (given ? "" : "latest") : rest.slice(colon + 1),
    digest: given ?? imageDigest(image),
    labels: {},
  };
}
