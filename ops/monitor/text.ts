import { figureUnits, type Figure } from "../../infra/engines/monitoring";
import { table } from "../terminal";
import type { MonitorState } from "./state";

/** What one round found, for people. */
export function roundText({ figures, looks, standing }: MonitorState): string {
  if (!standing.leads) return `another monitor leads: ${standing.holder ?? "nobody knows which"}`;
  const rows = figures.map((figure) => [figure.name, figure.subject, valueText(figure), figure.note ?? ""]);
  return [table(rows), ...looks.failed.map(({ probe, why }) => `NOT SEEN: ${probe}: ${why}`)].join("\n");
}

function valueText({ name, value }: Figure): string {
  const unit = figureUnits[name];
  if (unit === "yes or no") return value > 0 ? "yes" : "no";
  const rounded = Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 100) / 100;
  return `${rounded} ${unit}`;
}
