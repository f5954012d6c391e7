import type { Resource } from "@pulumi/pulumi";
import type { Settings } from "./settings";

/** The monitor of the local stack, once there is something to watch; undefined where none is wanted. */
export function monitorOf({ monitoring }: Pick<Settings, "monitoring">, release: Resource) {
  const { enabled, port, interval, token } = monitoring;
  if (!enabled) return undefined;
  const { Monitoring } = require("../components/monitoring") as typeof import("../components/monitoring");
  return new Monitoring(
    "monitoring",
    { port, intervalMs: interval, secrets: token ? { MONITORING_TOKEN: token.reveal() } : {} },
    { dependsOn: [release] },
  );
}
