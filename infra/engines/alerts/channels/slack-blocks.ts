import type { Letter } from "../outbox/letter";
import { repeatedNote } from "./channel";

const headerAtMost = 150;
const sectionAtMost = 3_000;

/** A message as Slack lays it out. */
export interface SlackBody {
  text: string;
  blocks: object[];
}

const signs = { critical: ":red_circle:", warning: ":large_yellow_circle:" };

/** A letter in Slack's blocks; nothing in it is markup but ours. */
export function slackBody(letter: Letter, possiblyRepeated: boolean): SlackBody {
  const title = `${signOf(letter)} ${letter.title}`.trim();
  const body = escaped(letter.lines.join("\n"));
  const small = [letter.environment, letter.at.toISOString(), ...(possiblyRepeated ? [repeatedNote] : [])];
  return {
    text: escaped(possiblyRepeated ? `${title} (possibly repeated)` : title),
    blocks: [
      // A plain text knows no markup, and its `&` is an `&`.
      { type: "header", text: { type: "plain_text", text: cut(title, headerAtMost), emoji: true } },
      ...(body === "" ? [] : [section(body)]),
      { type: "context", elements: [text(escaped(small.join(" · ")))] },
    ],
  };
}

function signOf({ level, event, about }: Letter): string {
  if (event === "resolved" || event === "done") return ":large_green_circle:";
  if (level === null) return about === "release" ? ":arrow_forward:" : "";
  return signs[level];
}

function section(body: string): object {
  return { type: "section", text: text(cut(body, sectionAtMost)) };
}

/** Verbatim: names of channels and people in it call nobody. */
function text(mrkdwn: string): object {
  return { type: "mrkdwn", text: mrkdwn, verbatim: true };
}

/** The three characters that Slack reads as markup and as calls to everybody. */
function escaped(plain: string): string {
  return plain.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

/** Cut before an escaped character, never within one. */
function cut(full: string, atMost: number): string {
  if (full.length <= atMost) return full;
  return `${full.slice(0, atMost - 1).replace(/&[a-z]{0,3}$/, "")}…`;
}
