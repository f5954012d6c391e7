import type { CertificateRecord } from "../world/certificates";
import type { FlyApp } from "../world/fly-app";
import { time } from "./machine-view";

const yearMs = 90 * 24 * 3_600_000;

/** A host name with all that is known of its certificates. */
export function detailOf(app: FlyApp, record: CertificateRecord): Record<string, unknown> {
  const { progress, hostname, acme } = record;
  const target = `${hostname}.${app.id.slice(0, 7)}.flydns.net`;
  const { rateLimitedUntil } = progress;
  return {
    ...stateOf(record),
    hostname,
    acme_requested: acme,
    dns_provider: "unknown",
    certificates: entriesOf(record),
    dns_requirements: {
      a: addressesOf(app, ["v4", "shared_v4"]),
      aaaa: addressesOf(app, ["v6"]),
      cname: `${app.id.slice(0, 7)}.${app.name}.fly.dev`,
      acme_challenge: { name: `_acme-challenge.${hostname}`, target },
      ownership: {
        name: `_fly-ownership.${hostname}`,
        app_value: `app-${app.id.slice(0, 7)}`,
        org_value: "",
      },
    },
    validation: {
      dns_configured: progress.dnsReady,
      alpn_configured: progress.dnsReady,
      http_configured: progress.dnsReady,
      ownership_txt_configured: progress.dnsReady,
    },
    validation_errors: (progress.errors ?? []).map((error) => ({
      ...error,
      timestamp: time(record.createdAt),
    })),
    ...(rateLimitedUntil === undefined ? {} : { rate_limited_until: time(rateLimitedUntil) }),
  };
}

export function summaryOf(record: CertificateRecord): Record<string, unknown> {
  const { progress, hostname, acme, custom, createdAt } = record;
  return {
    ...stateOf(record),
    hostname,
    acme_requested: acme,
    acme_alpn_configured: progress.dnsReady,
    acme_dns_configured: progress.dnsReady,
    acme_http_configured: progress.dnsReady,
    ownership_txt_configured: progress.dnsReady,
    dns_provider: "unknown",
    has_custom_certificate: custom !== undefined,
    has_fly_certificate: acme,
    created_at: time(createdAt),
    updated_at: time(createdAt),
  };
}

/** Ready is what Fly can show to a visitor; anything else is pending, be it for ever. */
function stateOf({ progress, custom }: CertificateRecord): { configured: boolean; status: string } {
  const ready = progress.dnsReady && progress.rateLimitedUntil === undefined;
  if (ready) return { configured: true, status: "active" };
  return { configured: false, status: custom ? "pending_ownership" : "pending_validation" };
}

function entriesOf(record: CertificateRecord): Record<string, unknown>[] {
  const { acme, custom, createdAt } = record;
  const { status } = stateOf(record);
  const entry = (source: "fly" | "custom", issuer: string) => ({
    source,
    status,
    issuer,
    created_at: time(createdAt),
    expires_at: time(createdAt + yearMs),
    issued:
      status === "active"
        ? [{ type: "ecdsa", certificate_authority: issuer, expires_at: time(createdAt + yearMs) }]
        : [],
  });
  return [
    ...(acme ? [entry("fly", "Let's Encrypt")] : []),
    ...(custom ? [entry("custom", "the owner's authority")] : []),
  ];
}

function addressesOf(app: FlyApp, kinds: string[]): string[] {
  return app.addresses.all.filter(({ kind }) => kinds.includes(kind)).map(({ ip }) => ip);
}
