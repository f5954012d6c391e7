import type { FlyCertificate } from "../../../drivers/fly-api";
import { silent } from "../../../support";
import type { AppOptions } from "./ensure-app";

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
}

/** Asks for those that are missing and waits for none. */
export async function ensureCertificates(
  app: string,
  hostnames: readonly string[],
  { api, signal, progress = silent }: AppOptions,
): Promise<CertificateState[]> {
  const states: CertificateState[] = [];
  for (const hostname of hostnames) {
    let certificate = await api.certificates.get(app, hostname, { signal });
    if (!certificate) {
      progress(`asking for a certificate of ${hostname}`);
      certificate = await api.certificates.request(app, hostname, { signal });
    }
    states.push(certificateState(certificate));
  }
  return states;
}

/** What of a certificate matters to an operator. */
export function certificateState(certificate: FlyCertificate): CertificateState {
  const { hostname, configured, status, validation_errors: errors, rate_limited_until: until } = certificate;
  const problems = (errors ?? []).map(({ code, message, remediation }) =>
    [message ?? code, remediation].filter(Boolean).join(": "),
  );
  if (until) problems.push(`no more certificates are given out for this domain until ${until}`);
  const ready = configured === true || status === "ready";
  return { hostname, ready, status: status ?? "unknown", records: recordsOf(certificate), problems };
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
