import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Workspace } from "./case";
import { open } from "./sealed";

const signature = "4dabf18193072939515e22adb298388d";
const volatile = new Set(["created", "modified", "sourcePosition", "stackTrace", "time", "magic", "version"]);

interface Checkpoint {
  version: number;
  features?: string[];
  checkpoint: { latest?: { resources?: Record<string, unknown>[]; pending_operations?: unknown[] } | null };
}

/** The file in which a file backend keeps the state of a stack. */
export function stateOf(workspace: Workspace, stack: string): string {
  return join(fileURLToPath(workspace.backend), ".pulumi", "stacks", workspace.project, `${stack}.json`);
}

/** The state of a stack without what differs from run to run: times, the ids of providers, ciphertexts. */
export async function readState(
  workspace: Workspace,
  stack: string,
): Promise<{ state: unknown; outputs: unknown }> {
  const checkpoint = JSON.parse(await readFile(stateOf(workspace, stack), "utf8")) as Checkpoint;
  const resources = (checkpoint.checkpoint.latest?.resources ?? []).map((one) => settled(one, workspace));
  const sorted = [...resources].sort((a, b) => keyOf(a).localeCompare(keyOf(b)));
  const root = resources.find((one) => one.type === "pulumi:pulumi:Stack");
  return {
    state: {
      version: checkpoint.version,
      features: checkpoint.features ?? [],
      resources: sorted.map((one) => (one === root ? { ...one, outputs: undefined } : one)),
      pending: (checkpoint.checkpoint.latest?.pending_operations ?? []).length,
    },
    outputs: root?.outputs ?? {},
  };
}

function keyOf(resource: Record<string, unknown>): string {
  return `${String(resource.urn)} ${String(resource.delete ?? false)} ${String(resource.id ?? "")}`;
}

function settled(resource: Record<string, unknown>, workspace: Workspace): Record<string, unknown> {
  const isProvider = String(resource.type).startsWith("pulumi:providers:");
  const kept = Object.entries(resource).filter(
    ([key]) => !volatile.has(key) && !(isProvider && key === "id"),
  );
  return Object.fromEntries(kept.map(([key, value]) => [key, inOrder(key, settle(value, workspace))]));
}

/** The real engine writes dependencies in the order of a map's keys, which differs from run to run. */
function inOrder(key: string, value: unknown): unknown {
  if (key === "dependencies") return [...(value as string[])].sort();
  if (key !== "propertyDependencies") return value;
  const properties = Object.entries(value as Record<string, string[]>);
  return Object.fromEntries(properties.map(([name, urns]) => [name, [...urns].sort()]));
}

function settle(value: unknown, workspace: Workspace): unknown {
  if (typeof value === "string") return withoutIds(value.replaceAll(workspace.folder, "<folder>"));
  if (Array.isArray(value)) return value.map((item) => settle(item, workspace));
  if (typeof value !== "object" || value === null) return value;
  const entries = value as Record<string, unknown>;
  if (signature in entries && typeof entries.ciphertext === "string") {
    return { secret: settle(JSON.parse(open(entries.ciphertext)), workspace) };
  }
  return Object.fromEntries(Object.entries(entries).map(([key, item]) => [key, settle(item, workspace)]));
}

/** Providers have random ids; they stand in references as `<urn>::<id>`. */
function withoutIds(text: string): string {
  return text.replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<id>");
}
