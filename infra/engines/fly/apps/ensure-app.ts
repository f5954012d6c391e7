import { createHash } from "node:crypto";
import type { FlyApi, FlyAppView } from "../../../drivers/fly-api";
import { silent, type Progress, type Secret } from "../../../support";
import { ensureAddresses, type AddressesWanted } from "./addresses";
import type { CertificateState } from "./certificate-state";
import { ensureCertificates } from "./certificates";
import { WrongOrganization } from "./errors";
import type { OwnCertificate } from "./own-certificate";
import { ensureSecrets, type SecretsState } from "./secrets";

/** An app as it is to be; its machines are a matter of their own. */
export interface AppWish {
  name: string;
  /** Neither can change: only a new app has another. */
  organization: string;
  network?: string | undefined;
  addresses: AddressesWanted;
  /** The host names that it is to have certificates for. */
  hostnames: readonly string[];
  /** Those of the operator's own, by host name. */
  ownCertificates?: Readonly<Record<string, OwnCertificate>> | undefined;
  /** What an earlier wish left: host names gone from this one lose theirs. */
  formerCertificates?: readonly CertificateState[] | undefined;
  /** All that the app is to know; those not named are removed only when they were ours. */
  secrets: Record<string, Secret>;
  /** Names that an earlier wish had: gone from this one, they are removed. */
  formerSecrets?: readonly string[] | undefined;
}

export interface AppState {
  id: string;
  name: string;
  addresses: { ip: string; type: string; region: string }[];
  certificates: CertificateState[];
  secrets: SecretsState;
}

export interface AppOptions {
  api: FlyApi;
  signal?: AbortSignal | undefined;
  progress?: Progress;
}

/** Makes the app or takes the one that there is, and brings its parts to what is wanted. */
export async function ensureApp(wish: AppWish, options: AppOptions): Promise<AppState> {
  const { api, signal, progress = silent } = options;
  const app = (await api.apps.get(wish.name, { signal })) ?? (await createApp(wish, options));
  refuseOther(app, wish);
  progress(`app ${app.name} is there`);
  const addresses = await ensureAddresses(wish.name, wish.addresses, options);
  const secrets = await ensureSecrets(wish.name, wish.secrets, wish.formerSecrets ?? [], options);
  const { hostnames, ownCertificates: own = {}, formerCertificates: former = [] } = wish;
  const certificates = await ensureCertificates(wish.name, { hostnames, own, former }, options);
  return { id: app.id, name: app.name, addresses, certificates, secrets };
}

async function createApp(wish: AppWish, { api, signal, progress = silent }: AppOptions): Promise<FlyAppView> {
  progress(`making app ${wish.name}`);
  const { name, organization, network } = wish;
  // The same in every run, so that one that died after its call finds what it made.
  const idempotency_key = createHash("sha256")
    .update(`dnd ${organization} ${name} ${network ?? ""}`)
    .digest("hex")
    .slice(0, 32);
  const id = await api.apps.create(
    { name, org_slug: organization, ...(network ? { network } : {}), idempotency_key },
    { signal },
  );
  return { id: id ?? name, name };
}

function refuseOther(app: FlyAppView, { name, organization }: AppWish): void {
  const slug = app.organization?.slug;
  if (slug !== undefined && slug !== organization) throw new WrongOrganization(name, slug, organization);
}
