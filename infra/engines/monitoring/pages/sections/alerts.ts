import { html, type Markup } from "../../../../support";
import type { AlertShown, AlertsShown } from "../data/alerts";
import type { IncidentShown } from "../data/notices";
import { moment } from "./words";

/** What burns, with a button for each where this process may put it out, and what did lately. */
export function alertsSection(
  { open, resolved }: AlertsShown,
  incidents: readonly IncidentShown[],
  mayResolve: boolean,
): Markup {
  const running = incidents.filter(({ closedAt }) => !closedAt);
  return html`<section id="alerts" class="panel" aria-labelledby="alerts-title" data-live>
    <h2 id="alerts-title">Alerts <span class="count">${open.length}</span></h2>
    ${running.map(
      ({ number, title, startedAt }) =>
        html`<p class="incident">
          <strong>Incident ${number}:</strong> ${title}, since ${moment(startedAt)}
        </p>`,
    )}
    ${
      open.length === 0
        ? html`<p class="quiet">None is open.</p>`
        : html`<ul class="alerts">
            ${open.map((alert) => openAlert(alert, mayResolve))}
          </ul>`
    }
    ${
      resolved.length > 0 &&
      html`<details id="alerts-resolved">
        <summary>Resolved in the last seven days (${resolved.length})</summary>
        <ul class="plain">
          ${resolved.map(
            ({ title, resolvedAt, resolvedBy }) =>
              html`<li>
                ${title}<span class="quiet">
                  ${resolvedAt ? moment(resolvedAt) : "resolved"}${resolvedBy && ` by ${resolvedBy}`}</span
                >
              </li>`,
          )}
        </ul>
      </details>`
    }
  </section>`;
}

function openAlert(alert: AlertShown, mayResolve: boolean): Markup {
  const { id, level, title, text, subject, since, release, silencedUntil, parent } = alert;
  return html`<li class="alert ${level}">
    <p class="title"><span class="level">${level}</span> ${title}</p>
    ${text && html`<p class="text">${text}</p>`}
    <p class="quiet">
      ${subject} · since
      ${moment(since)}${release ? ` · release #${release}` : false}${
        silencedUntil ? html` · silent until ${moment(silencedUntil)}` : false
      }${parent ? ` · follows from ${parent}` : false}
    </p>
    ${
      mayResolve &&
      html`<button type="button" data-resolve="${id}" aria-label="Resolve: ${title}" hidden>Resolve</button>`
    }
  </li>`;
}
