import { fleetOf } from "../fleet";
import { OperatorError } from "../../../support";
import { seeAddresses, type AddressSeen } from "./addresses";
import type { AppOptions } from "./ensure-app";
import { seeSecrets, type SecretsState } from "./secrets";

export interface ObservedApp {
  id: string;
  name: string;
  organization: string | undefined;
  addresses: AddressSeen[];
  hostnames: string[];
  secrets: SecretsState;
}

/** Looks at an app and its parts, and writes nothing; undefined when it is not there. */
export async function observeApp(name: string, options: AppOptions): Promise<ObservedApp | undefined> {
  const { api, signal } = options;
  const app = await api.apps.get(name, { signal });
  if (!app) return undefined;
  const [addresses, certificates, secrets] = await Promise.all([
    seeAddresses(name, options),
    api.certificates.list(name, { signal }),
    seeSecrets(name, options),
  ]);
  const hostnames = certificates.map(({ hostname }) => hostname).sort();
  return { id: app.id, name: app.name, organization: app.organization?.slug, addresses, hostnames, secrets };
}

/** Deletes the app; not while it has volumes or machines that were made elsewhere. */
export async function removeApp(name: string, { api, signal }: AppOptions): Promise<void> {
  if (!(await api.apps.get(name, { signal }))) return;
  const [machines, volumes] = await Promise.all([
    api.machines.list(name, { signal }),
    api.volumes.list(name, { signal }),
  ]);
  const { foreign } = fleetOf(machines);
  if (foreign.length + volumes.length > 0) {
    throw new OperatorError({
      code: "fly-app-in-use",
      message: `app ${name} still has ${foreign.length} machines that were made elsewhere and ${volumes.length} volumes`,
      remedy:
        "Remove them by hand first, volumes with `dnd fly volumes destroy`: with the app they would be gone for ever.",
      kind: "refused",
    });
  }
  await api.apps.delete(name, { signal });
}
