import { formatSize } from "../../infra/support";
import { timeText } from "./judge";
import type { PreviewReport } from "./report";

/** One part of a report: its heading and its lines, in words that terminal and pull request share. */
export interface Section {
  title: string;
  lines: string[];
  /** Shown as it stands: a migration's own figures. */
  verbatim?: boolean;
}

/** A report in its parts, the most important first. */
export function sectionsOf(report: PreviewReport): Section[] {
  const { errors, risks, release, migrations, backup, rollback, infrastructure } = report;
  const filled: Section[] = [
    { title: "It cannot be released", lines: errors },
    { title: "Risks", lines: risks },
    { title: "Release", lines: release ? releaseLines(report) : ["nothing is released"] },
    { title: "Infrastructure", lines: infrastructureLines(infrastructure) },
    {
      title: "Migrations",
      lines: migrations.pending.map(
        ({ version, description, phase, reversible }) =>
          `${version} ${description} (${phase}${reversible === false ? ", no way back" : ""})`,
      ),
    },
    {
      title: "What the migrations did when they were tried",
      lines: migrations.tried.flatMap((text) => text.split("\n")),
      verbatim: true,
    },
    { title: "Backup", lines: release ? [backupLine(backup)] : [] },
    {
      title: "Rollback",
      lines: release
        ? [
            ...rollback.steps,
            ...(rollback.command ? [`${rollback.command}: ${timeText(rollback.expectedMs)}`] : []),
          ]
        : [],
    },
  ];
  return filled.filter(({ lines }) => lines.length > 0);
}

function releaseLines({ release, expectedMs }: PreviewReport): string[] {
  if (!release) return [];
  const { number, why, image } = release;
  const images =
    image.before === image.after ? `${image.after}, stays` : `${image.before ?? "none"} to ${image.after}`;
  return [`release ${number}: ${why.join(", ")}`, `image ${images}`, `takes ${timeText(expectedMs)}`];
}

function backupLine({ wanted, documents, bytes, expectedMs }: PreviewReport["backup"]): string {
  if (!wanted) return "none is taken";
  const size = bytes === null ? "" : ` of ${documents ?? 0} documents, ${formatSize(bytes)},`;
  return `an archive${size} is taken first: ${timeText(expectedMs)}`;
}

function infrastructureLines({ summary, changes }: PreviewReport["infrastructure"]): string[] {
  const counts = Object.entries(summary)
    .filter(([, count]) => count > 0)
    .map(([op, count]) => `${count} ${op}`);
  const lines = changes.map(({ op, name, type, properties }) => {
    const what = properties.length > 0 ? `: ${properties.join(", ")}` : "";
    return `${op} ${name} (${type.split(":").at(-1) ?? type})${what}`;
  });
  return [counts.join(", ") || "no changes", ...lines];
}
