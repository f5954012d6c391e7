import { incidentKinds, type IncidentKind } from "../../infra/engines/incidents";
import { strayOption, usageOf, type Belongs } from "../actions";
import type { DatabaseOptions } from "../named-database";

export type ActionName = "start" | "status" | "note" | "step" | "close" | "list";

export interface IncidentOptions extends DatabaseOptions {
  action: ActionName;
  /** A title, a note, the name of a step, or how it ended. */
  text?: string;
  kind?: string;
  id?: number;
  backup?: string;
  output?: string;
}

const belongs: Belongs<IncidentOptions> = {
  kind: ["start"],
  id: ["status", "note", "step", "close"],
  backup: ["step"],
  output: ["close", "status"],
  text: ["start", "note", "step", "close"],
};

export const usage = usageOf("incident");

/** Refuses what does not fit together, before anything is looked at. */
export function requireFitting(options: IncidentOptions): void {
  const { action, text, kind, id } = options;
  const stray = strayOption(options, belongs, "text");
  if (stray) throw usage(stray);
  if ((action === "start" || action === "note") && !text) throw usage(`\`${action}\` wants a text`);
  if (kind !== undefined && !isKind(kind))
    throw usage(`--kind ${kind}: ${incidentKinds.join(", ")} are possible`);
  if (id !== undefined && !(Number.isInteger(id) && id >= 1))
    throw usage("--id wants the number of an incident");
}

/** The kind that was given, or "other". */
export function kindOf({ kind }: IncidentOptions): IncidentKind {
  return isKind(kind) ? kind : "other";
}

function isKind(kind: string | undefined): kind is IncidentKind {
  return incidentKinds.some((one) => one === kind);
}
