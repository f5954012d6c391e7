import * as pulumi from "@pulumi/pulumi";
import { LocalMachines } from "../infra/resources";
import type { DeployedApp, DeployStep } from "./release";

export { localObservers } from "../infra/resources";

export interface LocalAppArgs {
  name: string;
  port: number;
  machines: number;
  /** From the start of a machine to its health. */
  startTimeoutMs: number;
  env: Record<string, string>;
  /** What only the machines' environment may hold, by the names of the variables. */
  secrets?: Record<string, string>;
  databaseUri: pulumi.Output<string>;
  databaseName: string;
}

/** What the engine takes unless it is told: a stack that wants no more keeps the very inputs that its state knows. */
const usualStartMs = 30_000;

/** The app as processes of this machine behind one address. */
export class LocalApp extends pulumi.ComponentResource implements DeployedApp {
  readonly url: pulumi.Output<string>;
  readonly digest: pulumi.Output<string>;
  readonly machines: LocalMachines["machines"];

  constructor(name: string, args: LocalAppArgs, step: DeployStep, options?: pulumi.ComponentResourceOptions) {
    super("dnd:index:App", name, {}, options);
    const machines = new LocalMachines(
      `${name}-machines`,
      {
        release: step.release,
        address: step.address,
        image: step.image,
        schemaVersion: step.schemaVersion,
        ...(step.returning && { returning: true }),
        ...(args.startTimeoutMs !== usualStartMs && { startTimeoutMs: args.startTimeoutMs }),
        ...(step.p95Ms !== undefined && { p95Ms: step.p95Ms }),
        app: args.name,
        count: step.machines.apply((wanted) => wanted ?? args.machines),
        port: args.port,
        env: args.env,
        ...(args.secrets && { secrets: pulumi.secret(args.secrets) }),
        databaseUri: args.databaseUri,
        databaseName: args.databaseName,
      },
      { parent: this, dependsOn: step.after },
    );
    this.url = machines.url;
    this.digest = machines.digest;
    this.machines = machines.machines;
    this.registerOutputs({ url: this.url });
  }
}
