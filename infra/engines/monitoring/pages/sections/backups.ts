import { formatSize, html, type Markup } from "../../../../support";
import type { ArchiveShown } from "../data/archives";
import type { BackupDay } from "../data/calendar";
import { counted, dateText, moment } from "./words";

const proofs = {
  none: "no backup",
  whole: "verified",
  restored: "verified by a restore",
  damaged: "damaged",
} as const;
const weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** Five weeks of backups, a square a day, and the newest of them. */
export function backupsSection({ days, newest }: { days: BackupDay[]; newest: ArchiveShown[] }): Markup {
  return html`<section id="backups" class="panel" aria-labelledby="backups-title" data-live>
    <h2 id="backups-title">Backups</h2>
    <table class="calendar">
      <caption class="unseen">
        Backups of the last five weeks
      </caption>
      <thead>
        <tr>
          ${weekdays.map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${weeksOf(days).map(
          (week) =>
            html`<tr>
              ${week.map(dayCell)}
            </tr>`,
        )}
      </tbody>
    </table>
    <ul class="legend" aria-label="What the colours mean">
      ${Object.entries(proofs).map(([proof, words]) => html`<li class="${proof}">${words}</li>`)}
      <li class="copy-failed">a copy failed</li>
    </ul>
    ${
      newest.length > 0 &&
      html`<ul class="archives" aria-label="The newest archives">
        ${newest.map(archive)}
      </ul>`
    }
  </section>`;
}

function weeksOf(days: readonly BackupDay[]): BackupDay[][] {
  const weeks: BackupDay[][] = [];
  for (let at = 0; at < days.length; at += 7) weeks.push(days.slice(at, at + 7));
  return weeks;
}

function dayCell({ day, count, bytes, proof, failedCopies }: BackupDay): Markup {
  const date = dateText(new Date(`${day}T00:00:00Z`));
  const copies = failedCopies > 0 ? `, ${counted(failedCopies, "copy", "copies")} failed` : "";
  const told =
    count === 0
      ? proofs.none
      : `${counted(count, "archive")}, ${formatSize(bytes)}, ${proofs[proof]}${copies}`;
  return html`<td class="${proof}${failedCopies > 0 ? " copy-failed" : ""}" title="${date}: ${told}">
    <span aria-hidden="true">${Number(day.slice(8))}</span
    ><span class="size" aria-hidden="true">${count > 0 && formatSize(bytes)}</span
    ><span class="unseen">${date}: ${told}</span>
  </td>`;
}

function archive({ id, takenAt, bytes, documents, proof, copies }: ArchiveShown): Markup {
  const further = copies.there > 0 ? ` · ${counted(copies.there, "copy", "copies")}` : "";
  const failed = copies.failed > 0 ? ` · ${counted(copies.failed, "copy", "copies")} failed` : "";
  return html`<li>
    <code>${id}</code> <span class="took">${formatSize(bytes)}</span>
    <span class="quiet"
      >${moment(takenAt)} · ${counted(documents, "document")} · ${proofs[proof]}${further}${failed}</span
    >
  </li>`;
}
