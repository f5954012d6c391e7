import type { FlyCertificate } from "../../../drivers/fly-api";
import { silent } from "../../../support";
import { certificateState, type CertificateState } from "./certificate-state";
import type { AppOptions } from "./ensure-app";
import { fingerprintOfChain, type OwnCertificate } from "./own-certificate";

export interface CertificatesWish {
  /** The host names for which Fly is to get certificates. */
  hostnames: readonly string[];
  /** Those of the operator's own, by host name. */
  own: Readonly<Record<string, OwnCertificate>>;
  /** What an earlier wish left; those that no wish names any more go, and none that another made. */
  former: readonly CertificateState[];
}

/** Asks for those that are missing, brings those of one's own, and waits for none. */
export async function ensureCertificates(
  app: string,
  wish: CertificatesWish,
  options: AppOptions,
): Promise<CertificateState[]> {
  const states: CertificateState[] = [];
  const { own, former } = wish;
  const wanted = new Set([...wish.hostnames, ...Object.keys(own)]);
  for (const hostname of wanted) {
    const before = former.find((one) => one.hostname === hostname)?.own;
    const state = own[hostname]
      ? await ensureOwn(app, hostname, own[hostname], before, options)
      : await ensureOfFly(app, hostname, before, options);
    tellPending(state, options);
    states.push(state);
  }
  for (const { hostname } of former) {
    if (wanted.has(hostname)) continue;
    options.progress?.(`giving up the certificate of ${hostname}`);
    await options.api.certificates.delete(app, hostname, options);
  }
  return states;
}

/** How those of these host names that are there stand now. */
export async function seeCertificates(
  app: string,
  known: readonly CertificateState[],
  { api, signal }: Pick<AppOptions, "api" | "signal">,
): Promise<CertificateState[]> {
  const states = await Promise.all(
    known.map(async ({ hostname, own }) => {
      const seen = await api.certificates.get(app, hostname, { signal });
      return seen && certificateState(seen, own);
    }),
  );
  return states.flatMap((state) => state ?? []);
}

async function ensureOfFly(
  app: string,
  hostname: string,
  before: string | undefined,
  { api, signal, progress = silent }: AppOptions,
): Promise<CertificateState> {
  const seen = await api.certificates.get(app, hostname, { signal });
  if (seen && before === undefined) return certificateState(seen);
  progress(`asking for a certificate of ${hostname}`);
  const asked = await api.certificates.request(app, hostname, { signal });
  // Only now: until it is ready visitors see the operator's own.
  if (before !== undefined && certificateState(asked).ready)
    await api.certificates.deleteOwn(app, hostname, { signal });
  return certificateState(asked, certificateState(asked).ready ? undefined : before);
}

async function ensureOwn(
  app: string,
  hostname: string,
  own: OwnCertificate,
  before: string | undefined,
  { api, signal, progress = silent }: AppOptions,
): Promise<CertificateState> {
  const wanted = fingerprintOfChain(own.chain);
  const seen = await api.certificates.get(app, hostname, { signal });
  if (seen && hasOwn(seen) && before === wanted) return certificateState(seen, wanted);
  progress(`bringing the certificate of ${hostname}`);
  return certificateState(await api.certificates.upload(app, hostname, own, { signal }), wanted);
}

function hasOwn({ certificates }: FlyCertificate): boolean {
  return (certificates ?? []).some(({ source }) => source === "custom");
}

/** No failure: only the DNS of the domain's owner can end it. */
function tellPending(
  { hostname, ready, records, problems }: CertificateState,
  { progress }: AppOptions,
): void {
  if (ready || !progress) return;
  const wanted = records.map(({ type, name, value }) => `${type} ${name} ${value}`).join(", ");
  progress(`the certificate of ${hostname} is pending until the DNS has ${wanted}`);
  for (const problem of problems) progress(`${hostname}: ${problem}`);
}
