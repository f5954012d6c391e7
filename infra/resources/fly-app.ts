import type * as pulumi from "@pulumi/pulumi";
import type { AddressesWanted, AddressSeen, CertificateState, SecretsState } from "../engines/fly";
import { Secret } from "../support";
import { DndResource, type Wrapped } from "./dnd-resource";
import { flyClient } from "./fly-client";
import { toldFailures } from "./told-failures";
import { isUnknown, type Lifecycle, type LifecycleContext } from "./lifecycle";

/** An app at Fly with its addresses, certificates and secrets; its machines are FlyMachines. */
export interface FlyAppInputs {
  /** Changing it makes another app. */
  app: string;
  /** Changing it makes another app. */
  organization: string;
  /** Changing it makes another app. */
  network?: string;
  addresses: AddressesWanted;
  hostnames: string[];
  /** Certificates of one's own by host name, each with its chain and its key; secret. */
  ownCertificates?: Record<string, { chain: string; key: string }>;
  /** Secret; written to Fly, and kept nowhere else. */
  secrets: Record<string, string>;
  /** Of the stack: an app that serves another one is not taken over. */
  environment?: string;
}

export interface FlyAppOutputs extends Omit<
  FlyAppInputs,
  "secrets" | "addresses" | "ownCertificates" | "environment"
> {
  addresses: AddressSeen[];
  certificates: CertificateState[];
  /** What machines have to see; another digest is a change of theirs. */
  secretsSeen: SecretsState;
  /** Tells whether a value that is wanted is another one than before. */
  secretsFingerprint: string;
  secretNames: string[];
}

const engine = () => require("../engines/fly") as typeof import("../engines/fly");

const ownOf = ({ ownCertificates = {} }: FlyAppInputs) =>
  Object.fromEntries(
    Object.entries(ownCertificates).map(([name, { chain, key }]) => [name, { chain, key: new Secret(key) }]),
  );

const hidden = (values: Record<string, string>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, new Secret(value)]));

async function ensure(
  inputs: FlyAppInputs,
  olds: Partial<FlyAppOutputs>,
  { signal, progress }: LifecycleContext,
): Promise<FlyAppOutputs> {
  const { app, organization, network, addresses, hostnames } = inputs;
  const secrets = hidden(inputs.secrets);
  const { secretNames: formerSecrets, certificates: formerCertificates } = olds;
  const wish = {
    ...{ name: app, organization, network, addresses, hostnames, secrets },
    ...{ ownCertificates: ownOf(inputs), formerSecrets, formerCertificates },
  };
  const state = await engine().ensureApp(wish, { api: flyClient(), signal, progress });
  return {
    ...{ app, organization, hostnames },
    ...(network ? { network } : {}),
    addresses: state.addresses,
    certificates: state.certificates,
    secretsSeen: state.secrets,
    secretsFingerprint: engine().fingerprintOfSecrets(secrets, app),
    secretNames: Object.keys(secrets),
  };
}

/** True when the app is not what is wanted, or not what the outputs say. */
async function hasDrifted(olds: FlyAppOutputs, news: FlyAppInputs, signal: AbortSignal): Promise<boolean> {
  const seen = await engine().observeApp(olds.app, { api: flyClient(), signal });
  if (!seen) return true;
  const { missingAddresses, fingerprintOfSecrets } = engine();
  const secrets = isUnknown(news.secrets) || Object.values(news.secrets).some(isUnknown);
  return (
    missingAddresses(news.addresses, seen.addresses).length > 0 ||
    seen.addresses.length !== olds.addresses.length ||
    haveOtherCertificates(olds, news, seen.hostnames) ||
    seen.secrets.digest !== olds.secretsSeen.digest ||
    secrets ||
    fingerprintOfSecrets(hidden(news.secrets), news.app) !== olds.secretsFingerprint
  );
}

/** A host name without its certificate, one that is not wanted any more, or another certificate of one's own. */
function haveOtherCertificates(
  { certificates }: FlyAppOutputs,
  news: FlyAppInputs,
  seen: readonly string[],
): boolean {
  const own = ownOf(news);
  const wanted = new Set([...news.hostnames, ...Object.keys(own)]);
  const { fingerprintOfChain } = engine();
  return (
    [...wanted].some((name) => !seen.includes(name)) ||
    certificates.some(({ hostname, own: known }) => {
      const chain = own[hostname]?.chain;
      return !wanted.has(hostname) || known !== (chain === undefined ? undefined : fingerprintOfChain(chain));
    })
  );
}

export const lifecycle: Lifecycle<FlyAppInputs, FlyAppOutputs> = {
  async check(olds, news, { signal }) {
    const { app: name, organization, environment } = news;
    if (isUnknown(name) || isUnknown(organization)) return { inputs: news };
    const failures = await toldFailures("app", async () => {
      const api = flyClient();
      await engine().foreseeApp({ name, organization }, { api, signal });
      // What is the stack's already was looked at when it became that.
      if (environment !== undefined && olds.app !== name)
        await engine().refuseAppOfAnother({ name, environment }, { api, signal });
      return [];
    });
    const now = new Date();
    const certificates = Object.entries(isUnknown(news.ownCertificates) ? {} : ownOf(news))
      .flatMap(([hostname, own]) => engine().whyNotOwnCertificate(hostname, own, now))
      .map((reason) => ({ property: "ownCertificates", reason }));
    return { inputs: news, failures: [...failures, ...certificates] };
  },
  async diff(_id, olds, news, { signal }) {
    const replaces = (["app", "organization", "network"] as const).filter((key) => olds[key] !== news[key]);
    if (replaces.length > 0) return { changes: true, replaces, deleteBeforeReplace: false };
    return { changes: await hasDrifted(olds, news, signal) };
  },
  async create(inputs, context) {
    return { id: inputs.app, outs: await ensure(inputs, {}, context) };
  },
  async update(_id, olds, news, context) {
    return { outs: await ensure(news, olds, context) };
  },
  async read(id, olds, { signal }) {
    const seen = await engine().observeApp(id, { api: flyClient(), signal });
    if (!seen) return { id: "" };
    const { addresses, hostnames, secrets } = seen;
    const imported = { secretsFingerprint: "", secretNames: secrets.names, certificates: [] };
    const known = { ...imported, ...(olds as Partial<FlyAppOutputs>) };
    const organization = seen.organization ?? olds.organization;
    const certificates = await engine().seeCertificates(id, known.certificates, { api: flyClient(), signal });
    const now = { organization, addresses, hostnames, certificates, secretsSeen: secrets };
    return { id, props: { ...known, app: id, ...now } };
  },
  async delete(id, _olds, { signal }) {
    await engine().removeApp(id, { api: flyClient(), signal });
  },
};

export class FlyApp extends DndResource {
  declare readonly app: pulumi.Output<string>;
  declare readonly addresses: pulumi.Output<AddressSeen[]>;
  declare readonly certificates: pulumi.Output<CertificateState[]>;
  declare readonly secretsSeen: pulumi.Output<SecretsState>;

  constructor(name: string, inputs: Wrapped<FlyAppInputs>, options?: pulumi.CustomResourceOptions) {
    super("FlyApp", name, inputs, ["addresses", "certificates", "secretsSeen"], options);
  }
}
