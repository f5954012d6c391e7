import type * as pulumi from "@pulumi/pulumi";
import { Secret } from "../support";
import { DndResource, type Wrapped } from "./dnd-resource";
import { isUnknown, type Lifecycle, type LifecycleContext } from "./lifecycle";

/** The monitor as a process of this machine; no change of these ever replaces it. */
export interface LocalMonitorInputs {
  port: number;
  intervalMs: number;
  /** Secret; the monitor gets them through its environment alone. */
  secrets: Record<string, string>;
}

export interface LocalMonitorOutputs extends Omit<LocalMonitorInputs, "secrets"> {
  url: string;
  /** 0 while it does not run. */
  pid: number;
}

const engine = () => require("../engines/monitor-process") as typeof import("../engines/monitor-process");
const id = "local-monitor";

function wishOf({ port, intervalMs, secrets }: LocalMonitorInputs) {
  const hidden = Object.entries(secrets).map(([name, value]) => [name, new Secret(value)] as const);
  return { port, intervalMs, secrets: Object.fromEntries(hidden) };
}

async function ensure(
  inputs: LocalMonitorInputs,
  { signal }: LifecycleContext,
): Promise<LocalMonitorOutputs> {
  const { pid } = await engine().ensureMonitor({ ...wishOf(inputs), signal });
  const { port, intervalMs } = inputs;
  return { port, intervalMs, url: `http://127.0.0.1:${port}`, pid: pid ?? 0 };
}

export const lifecycle: Lifecycle<LocalMonitorInputs, LocalMonitorOutputs> = {
  async check(_olds, news) {
    return { inputs: news, failures: [] };
  },
  async diff(_id, _olds, news) {
    const seen = await engine().observeMonitor();
    if (!seen?.pid) return { changes: true };
    // Where they are only about to come, the update itself will know.
    if (isUnknown(news.secrets)) return { changes: false };
    return { changes: seen.fingerprint !== engine().fingerprintOf(wishOf(news)) };
  },
  async create(inputs, context) {
    return { id, outs: await ensure(inputs, context) };
  },
  async update(_id, _olds, news, context) {
    return { outs: await ensure(news, context) };
  },
  async read(_id, olds) {
    const seen = await engine().observeMonitor();
    return seen ? { id, props: { ...olds, port: seen.port, pid: seen.pid ?? 0 } } : { id: "" };
  },
  async delete() {
    await engine().stopMonitor();
  },
};

export class LocalMonitor extends DndResource {
  declare readonly url: pulumi.Output<string>;

  constructor(name: string, inputs: Wrapped<LocalMonitorInputs>, options?: pulumi.CustomResourceOptions) {
    super("LocalMonitor", name, inputs, ["url", "pid"], options);
  }
}
