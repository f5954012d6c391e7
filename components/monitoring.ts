import * as pulumi from "@pulumi/pulumi";
import { LocalMonitor } from "../infra/resources";

export interface MonitoringArgs {
  port: number;
  intervalMs: number;
  /** What only its environment may hold, by the names of the variables. */
  secrets: Record<string, string>;
}

/** The monitor of the local stack: figures, alerts, the dashboard and the page for Prometheus. */
export class Monitoring extends pulumi.ComponentResource {
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: MonitoringArgs, options?: pulumi.ComponentResourceOptions) {
    super("dnd:index:Monitoring", name, {}, options);
    const { port, intervalMs, secrets } = args;
    const monitor = new LocalMonitor(
      `${name}-process`,
      { port, intervalMs, secrets: pulumi.secret(secrets) },
      { parent: this },
    );
    this.url = monitor.url;
    this.registerOutputs({ url: this.url });
  }
}
