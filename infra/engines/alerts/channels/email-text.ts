import type { Letter } from "../outbox/letter";
import { repeatedNote } from "./channel";

const colors = { critical: "#b42318", warning: "#b54708", none: "#175cd3" };

/** The subject of a letter: where, how bad, what. */
export function subjectOf({ environment, level, title }: Letter): string {
  return `[${environment}] ${level === null ? "" : `${level.toUpperCase()}: `}${title}`;
}

/** A letter as plain text. */
export function plainText(letter: Letter, possiblyRepeated: boolean): string {
  const end = [`${letter.environment}, ${letter.at.toISOString()}`];
  if (possiblyRepeated) end.push(repeatedNote);
  return `${[letter.title, "", ...letter.lines, "", ...end].join("\n")}\n`;
}

/** A letter as HTML that says what the plain text says, and loads nothing from anywhere. */
export function htmlText(letter: Letter, possiblyRepeated: boolean): string {
  const color = colors[letter.level ?? "none"];
  const lines = letter.lines.map((line) => `<p style="margin:4px 0">${escapeHtml(line)}</p>`).join("");
  const note = possiblyRepeated ? ` · ${escapeHtml(repeatedNote)}` : "";
  return [
    '<!doctype html><html lang="en"><body style="font-family:sans-serif;line-height:1.4">',
    `<h1 style="font-size:18px;border-left:4px solid ${color};padding-left:8px">${escapeHtml(letter.title)}</h1>`,
    lines,
    `<p style="color:#555;font-size:12px">${escapeHtml(letter.environment)}, ${letter.at.toISOString()}${note}</p>`,
    "</body></html>",
  ].join("");
}

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? "");
}
