import { html, type Markup } from "../../../../support";
import type { MaintenanceShown } from "../data/notices";
import { moment } from "./words";

/** What people are told of work on the system; there is nothing where there is none. */
export function maintenanceNotice(maintenance: MaintenanceShown | null): Markup {
  if (!maintenance) return html`<aside id="maintenance" hidden data-live></aside>`;
  const { state, message, from, until } = maintenance;
  return html`<aside id="maintenance" class="notice ${state}" aria-label="Maintenance" data-live>
    <strong>${state === "on" ? "Maintenance goes on." : "Maintenance is announced."}</strong>
    ${message}
    <span class="window"
      >${from && html`From ${moment(from)}`}${from && until ? " " : false}${
        until && html`${from ? "to" : "Until"} ${moment(until)}`
      }</span
    >
  </aside>`;
}
