import type { FlyCertificate } from "../../../drivers/fly-api";

/** A DNS record that whoever owns the domain has to set. */
export interface DnsRecord {
  type: "A" | "AAAA" | "CNAME" | "TXT";
  name: string;
  value: string;
}

/** How far the certificate of a host name is; one that is pending is no failure, for it waits for the DNS. */
export interface CertificateState {
  hostname: string;
  ready: boolean;
  status: string;
  records: DnsRecord[];
  problems: string[];
  /** The fingerprint of the operator's own certificate; one that Fly gets has none. */
  own?: string;
}

/** What of a certificate matters to an operator. */
export function certificateState(certificate: FlyCertificate, own?: string): CertificateState {
  const { hostname, configured, status, validation_errors: errors, rate_limited_until: until } = certificate;
  const problems = (errors ?? []).map(({ code, message, remediation }) =>
    [message ?? code, remediation].filter(Boolean).join(": "),
  );
  if (until) problems.push(`no more certificates are given out for this domain until ${until}`);
  const ready = configured === true || status === "ready";
  return {
    ...{ hostname, ready, status: status ?? "unknown", records: recordsOf(certificate), problems },
    ...(own === undefined ? {} : { own }),
  };
}

function recordsOf({ hostname: name, dns_requirements: wanted }: FlyCertificate): DnsRecord[] {
  if (!wanted) return [];
  const records: DnsRecord[] = [
    ...(wanted.a ?? []).map((value): DnsRecord => ({ type: "A", name, value })),
    ...(wanted.aaaa ?? []).map((value): DnsRecord => ({ type: "AAAA", name, value })),
  ];
  const { acme_challenge: challenge, ownership } = wanted;
  if (challenge) records.push({ type: "CNAME", name: challenge.name, value: challenge.target });
  if (ownership?.app_value) records.push({ type: "TXT", name: ownership.name, value: ownership.app_value });
  return records;
}
