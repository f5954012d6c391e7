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
  /** Secret; written to Fly, and kept nowhere else. */
  secrets: Record<string, string>;
}

export interface FlyAppOutputs extends Omit<FlyAppInputs, "secrets" | "addresses"> {
  addresses: AddressSeen[];
  certificates: CertificateState[];
  /** What machines have to see; another digest is a change of theirs. */
  secretsSeen: SecretsState;
  /** Tells whether a value that is wanted is another one than before. */
  secretsFingerprint: string;
  secretNames: string[];
}

const engine = () => require("../engines/fly") as typeof import("../engines/fly");

const hidden = (values: Record<string, string>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, new Secret(value)]));

async function ensure(
  inputs: FlyAppInputs,
  formerSecrets: string[],
  { signal, progress }: LifecycleContext,
): Promise<FlyAppOutputs> {
  const { app, organization, network, addresses, hostnames } = inputs;
  const secrets = hidden(inputs.secrets);
  const wish = { name: app, organization, network, addresses, hostnames, secrets, formerSecrets };
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
    news.hostnames.some((name) => !seen.hostnames.includes(name)) ||
    seen.secrets.digest !== olds.secretsSeen.digest ||
    secrets ||
    fingerprintOfSecrets(hidden(news.secrets), news.app) !== olds.secretsFingerprint
  );
}

export const lifecycle: Lifecycle<FlyAppInputs, FlyAppOutputs> = {
  async check(_olds, news, { signal }) {
    const { app: name, organization } = news;
    if (isUnknown(name) || isUnknown(organization)) return { inputs: news };
    const failures = await toldFailures("app", async () => {
      await engine().foreseeApp({ name, organization }, { api: flyClient(), signal });
      return [];
    });
    return { inputs: news, failures };
  },
  async diff(_id, olds, news, { signal }) {
    const replaces = (["app", "organization", "network"] as const).filter((key) => olds[key] !== news[key]);
    if (replaces.length > 0) return { changes: true, replaces, deleteBeforeReplace: false };
    return { changes: await hasDrifted(olds, news, signal) };
  },
  async create(inputs, context) {
    return { id: inputs.app, outs: await ensure(inputs, [], context) };
  },
  async update(_id, olds, news, context) {
    return { outs: await ensure(news, olds.secretNames, context) };
  },
  async read(id, olds, { signal }) {
    const seen = await engine().observeApp(id, { api: flyClient(), signal });
    if (!seen) return { id: "" };
    const { addresses, hostnames, secrets } = seen;
    const imported = { secretsFingerprint: "", secretNames: secrets.names, certificates: [] };
    const known = { ...imported, ...(olds as Partial<FlyAppOutputs>) };
    const organization = seen.organization ?? olds.organization;
    return { id, props: { ...known, app: id, organization, addresses, hostnames, secretsSeen: secrets } };
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
