import * as pulumi from "@pulumi/pulumi";
import { FlyApp, FlyMachines, scaled, type MachinesWish } from "../infra/resources";
import type { DeployedApp, DeployStep } from "./release";

export {
  cloudObservers,
  type CloudObserverOptions,
  machinesWish,
  type FlyToml,
  type MachinesWanted,
  type MachinesWish,
} from "../infra/resources";

export interface FlyDeployedAppArgs {
  environment: string;
  app: string;
  organization: string;
  /** Where the app is reached. */
  url: string;
  addresses: { sharedV4: boolean; v4: number; v6: number; privateV6: number; egressRegions: string[] };
  hostnames: string[];
  /** By host name. */
  ownCertificates: Record<string, { chain: string; key: string }>;
  machines: MachinesWish;
  /** Groups with a number of machines of their own, which an override leaves alone. */
  ownCounts: string[];
  /** What a canary is asked. */
  probePath: string;
  env: Record<string, string>;
  /** Secrets of the app by their names. */
  secrets: Record<string, pulumi.Input<string>>;
  /** Lets the app's addresses in where its machines go; they are made when that is done. */
  admit?: (addresses: AppAddresses, parent: pulumi.Resource) => pulumi.CustomResource[];
  /** The database is reached by a machine of the app: app and addresses are there before anything looks at it. */
  comesFirst?: boolean;
}

/** The addresses of the app, those included that what leaves it comes from. */
export type AppAddresses = FlyApp["addresses"];

/** The app at Fly: its addresses, certificates and secrets, and its machines behind them. */
export class FlyDeployedApp extends pulumi.ComponentResource implements DeployedApp {
  readonly url: pulumi.Output<string>;
  readonly digest: pulumi.Output<string>;
  readonly machines: FlyMachines["machines"];
  readonly certificates: FlyApp["certificates"];
  /** Known when the app is there and its addresses are let in. */
  readonly admitted: pulumi.Output<string[]>;

  constructor(
    name: string,
    args: FlyDeployedAppArgs,
    step: DeployStep,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("dnd:index:App", name, {}, options);
    const { app: named, organization, addresses, hostnames, ownCertificates: own, url } = args;
    const app = new FlyApp(
      `${name}-fly`,
      {
        ...{ app: named, organization, addresses, hostnames, environment: args.environment },
        // An app without any keeps the very inputs that its state knows.
        ...(Object.keys(own).length > 0 && { ownCertificates: pulumi.secret(own) }),
        secrets: pulumi.secret(args.secrets),
      },
      {
        parent: this,
        protect: args.environment === "production",
        // Nothing is made at Fly before the steps that look have passed, unless it is the app through which they look.
        dependsOn: args.comesFirst ? [] : step.after,
      },
    );
    const admitted = args.admit?.(givenBy(app), this) ?? [];
    this.admitted = pulumi.all([app, ...admitted].map((one) => one.id));
    const { groups, ...wanted } = args.machines;
    const machines = new FlyMachines(
      `${name}-machines`,
      {
        ...wanted,
        organization,
        app: app.app,
        image: step.image.apply((image) => `${image.name}@${image.digest}`),
        groups: pulumi
          .all([step.image, step.machines])
          .apply(([{ version, digest }, wanted]) =>
            scaled(groups, wanted, args.ownCounts).map((group) =>
              withEnv(group, { ...args.env, APP_VERSION: version, IMAGE_DIGEST: digest }),
            ),
          ),
        secrets: app.secretsSeen,
        url,
        expected: step.image,
        probePath: args.probePath,
        release: step.release,
        address: step.address,
        ...(step.returning && { returning: true }),
        ...(step.p95Ms !== undefined && { p95Ms: step.p95Ms }),
        // A stack that nobody has scaled keeps the very inputs that its state knows.
        asked: step.machines.apply((machines) => machines ?? undefined),
      },
      { parent: this, dependsOn: [...step.after, ...admitted] },
    );
    this.url = machines.machines.apply(() => url);
    this.digest = machines.digest;
    this.machines = machines.machines;
    this.certificates = app.certificates;
    this.registerOutputs({ url: this.url });
  }
}

/** The preview of a change has the wanted addresses where those stand that Fly gave: then nobody knows them yet. */
function givenBy({ addresses }: FlyApp): AppAddresses {
  return addresses.apply((all) => (Array.isArray(all) ? all : (pulumi.unknown as unknown as typeof all)));
}

type Group = MachinesWish["groups"][number];

function withEnv(group: Group, env: Record<string, string>): Group {
  return { ...group, config: { ...group.config, env: { ...group.config.env, ...env } } };
}
