import { createPrivateKey, X509Certificate } from "node:crypto";
import type { Secret } from "../../../support";

/** A certificate that the operator brings, in place of one that Fly asks for. */
export interface OwnCertificate {
  /** The certificate and those that vouch for it, in PEM. */
  chain: string;
  key: Secret;
}

/** Tells whether another certificate is wanted; it holds nothing of the key. */
export function fingerprintOfChain(chain: string): string {
  return certificateOf(chain)?.fingerprint256 ?? "";
}

/** All for which a browser, or Fly, would not take it, found out without a call. */
export function whyNotOwnCertificate(hostname: string, { chain, key }: OwnCertificate, now: Date): string[] {
  const certificate = certificateOf(chain);
  if (!certificate) return [`the certificate of ${hostname} is not in PEM`];
  const { validTo } = certificate;
  // A wildcard stands for any one label.
  const covered = certificate.checkHost(hostname.replace(/^\*\./, "any."));
  return [
    ...(covered
      ? []
      : [`the certificate is for ${certificate.subjectAltName ?? "no host"}, not for ${hostname}`]),
    ...(new Date(validTo) > now ? [] : [`the certificate of ${hostname} ended on ${validTo}`]),
    ...whyNotKey(hostname, certificate, key),
  ];
}

function whyNotKey(hostname: string, certificate: X509Certificate, key: Secret): string[] {
  try {
    return certificate.checkPrivateKey(createPrivateKey(key.reveal()))
      ? []
      : [`the key of ${hostname} is not that of its certificate`];
  } catch {
    return [`the key of ${hostname} is not a private key in PEM`];
  }
}

function certificateOf(chain: string): X509Certificate | undefined {
  try {
    return new X509Certificate(chain);
  } catch {
    return undefined;
  }
}
