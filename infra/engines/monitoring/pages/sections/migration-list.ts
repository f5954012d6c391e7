import { formatDuration, html, type Markup } from "../../../../support";
import type { MigrationShown } from "../data/migration-journal";
import { counted, moment } from "./words";

const shownAtOnce = 6;

/** The journal of migrations: the newest at once, the others behind a fold. */
export function migrationsSection(migrations: readonly MigrationShown[]): Markup {
  const applied = migrations.filter(({ state }) => state === "applied").length;
  const older = migrations.slice(shownAtOnce);
  return html`<section id="migrations" class="panel" aria-labelledby="migrations-title" data-live>
    <h2 id="migrations-title">
      Migrations <span class="aside">${applied} of ${migrations.length} applied</span>
    </h2>
    ${
      migrations.length === 0
        ? html`<p class="quiet">None was run here yet.</p>`
        : html`<ol class="migrations" reversed>
            ${migrations.slice(0, shownAtOnce).map(line)}
          </ol>`
    }
    ${
      older.length > 0 &&
      html`<details id="migrations-older">
        <summary>${counted(older.length, "older one")}</summary>
        <ol class="migrations" reversed>
          ${older.map(line)}
        </ol>
      </details>`
    }
  </section>`;
}

function line({ version, description, phase, state, executedAt, durationMs, error }: MigrationShown): Markup {
  return html`<li class="${state}">
    <code>${version}</code> ${description}
    <span class="quiet"
      ><span class="state">${state}</span> · ${phase} ·
      ${moment(executedAt)}${typeof durationMs === "number" && ` · ${formatDuration(durationMs)}`}</span
    >
    ${error && html`<span class="error">${error}</span>`}
  </li>`;
}
