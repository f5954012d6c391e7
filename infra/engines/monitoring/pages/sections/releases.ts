import { formatDuration, formatSize, html, type Markup } from "../../../../support";
import type { ReleaseLine, ReleasePage, ReleaseShown } from "../data/releases";
import { stepsBar } from "./steps-bar";
import { counted, moment, shortDigest } from "./words";

/** The journal as a timeline, newest first. */
export function releasesSection({ lines, total, older, hasNewer }: ReleasePage): Markup {
  return html`<section id="releases" class="panel" aria-labelledby="releases-title" data-live>
    <h2 id="releases-title">
      Releases <span class="aside">${counted(total, "release")} in the journal</span>
    </h2>
    ${
      lines.length === 0
        ? html`<p class="quiet">The journal is empty: nothing was released into this database yet.</p>`
        : html`<ol class="timeline" reversed>
            ${lines.map(line)}
          </ol>`
    }
    <nav class="pages" aria-label="Pages of the timeline">
      ${hasNewer && html`<a id="newest" href="/deployments#releases">Newest</a>`}
      ${older !== null && html`<a id="older" href="/deployments?before=${older}#releases" rel="next">Older</a>`}
    </nav>
  </section>`;
}

function line({ number, release }: ReleaseLine): Markup {
  if (!release)
    return html`<li class="release unknown" id="release-${number}">
      <p class="head"><strong>#${number}</strong> recorded by another edition</p>
    </li>`;
  const { state, image, startedAt, finishedAt, steps, error } = release;
  return html`<li class="release ${state}" id="release-${number}">
    <p class="head">
      <strong>#${number}</strong> <span class="image">${image.version}</span>
      <span class="state">${stateText(release)}</span>
      <span class="when quiet"
        >${
          finishedAt
            ? html`<span class="took">${formatDuration(finishedAt.getTime() - startedAt.getTime())}</span> · `
            : false
        }${moment(startedAt)}</span
      >
    </p>
    ${error && html`<p class="error">${firstLine(error)}</p>`}
    <details id="details-${number}">
      <summary>
        <span>Steps<span class="unseen"> and details of release ${number}</span></span>
        ${steps.length > 0 && stepsBar(steps)}
      </summary>
      ${stepList(release)} ${facts(release)}
    </details>
  </li>`;
}

function stateText({ state, kind, rollbackOf, quarantined }: ReleaseShown): string {
  const what = { forward: "", rollback: "rollback, ", data: "rollback with data, " }[kind];
  const of = rollbackOf === undefined ? "" : `takes back #${rollbackOf}, `;
  return `${what}${of}${state}${quarantined ? ", image in quarantine" : ""}`;
}

function stepList({ steps }: ReleaseShown): Markup {
  if (steps.length === 0) return html`<p class="quiet">No step has ended yet.</p>`;
  return html`<ol class="steps">
    ${steps.map(
      ({ name, outcome, durationMs }) =>
        html`<li class="${outcome}">
          <span>${name}</span> <span class="quiet">${outcome}</span>
          <span class="took">${formatDuration(durationMs)}</span>
        </li>`,
    )}
  </ol>`;
}

function facts(release: ReleaseShown): Markup {
  const { why, reason, error, by, commit, image, schema, archive } = release;
  const rows: [string, Markup | string | null | undefined | false][] = [
    ["Why", [...why, reason ?? ""].filter(Boolean).join(", ")],
    ["Error", error && error !== firstLine(error) && html`<span class="trace">${error}</span>`],
    ["By", by],
    ["Commit", commit && html`<code>${commit.slice(0, 12)}</code>`],
    ["Image", html`${image.name} <code>${shortDigest(image.digest)}</code>`],
    ["Schema", `${schema.before ?? "none"} → ${schema.after ?? "none"}`],
    ["Archive", archive ? `${archive.id}, ${formatSize(archive.bytes)}` : "none"],
  ];
  return html`<dl class="facts">
    ${rows.map(
      ([name, value]) =>
        value &&
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? "";
}
