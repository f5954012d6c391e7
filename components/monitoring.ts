import * as pulumi from "@pulumi/pulumi";
import { LocalMonitor } from "../infra/resources";

export interface MonitoringArgs {
  port: number;
  intervalMs: number;
  /** Lets its bearer write figures and resolve alerts. */
  token: string | undefined;
}

/** The monitor of the local stack: figures, alerts, the dashboard and the page for Prometheus. */
export class Monitoring extends pulumi.ComponentResource {
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: MonitoringArgs, options?: pulumi.ComponentResourceOptions) {
    super("dnd:index:Monitoring", name, {}, options);
    const { port, intervalMs, token } = args;
    const monitor = new LocalMonitor(
      `${name}-process`,
      { port, intervalMs, ...(token === undefined ? {} : { token: pulumi.secret(token) }) },
      { parent: this },
    );
    this.url = monitor.url;
    this.registerOutputs({ url: this.url });
  }
}
