import { html } from "../../support";
import type { Maintenance } from "./switch";

const usualPauseSeconds = 120;
const longestPauseSeconds = 3600;

/** A page for people, JSON for programs; both say when to ask again. */
export function maintenanceAnswer(request: Request, known: Maintenance, now: number): Response {
  const { message, until } = known;
  const seconds = until ? Math.ceil((until.getTime() - now) / 1000) : usualPauseSeconds;
  const pause = Math.min(Math.max(seconds, 1), longestPauseSeconds);
  const headers = { "retry-after": String(pause), "cache-control": "no-store", "x-maintenance": "on" };
  if (!wantsPage(request))
    return Response.json({ error: message, maintenance: shown(known) }, { status: 503, headers });
  const type = { "content-type": "text/html; charset=utf-8" };
  return new Response(page(known, Math.min(pause, 60)), { status: 503, headers: { ...headers, ...type } });
}

/** What pages ask to show a banner: on, to come, or neither. */
export function noticeOf(known: Maintenance): Response {
  return Response.json(shown(known), { headers: { "cache-control": "no-store" } });
}

function shown({ on, scheduled, message, from, until }: Maintenance) {
  const told = on || scheduled;
  return {
    ...{ on, scheduled, message: told ? message : "" },
    ...{ from: told ? from : null, until: told ? until : null },
  };
}

function wantsPage({ url, headers }: Request): boolean {
  return !new URL(url).pathname.startsWith("/api/") && (headers.get("accept") ?? "").includes("text/html");
}

function page({ message, until }: Maintenance, refreshSeconds: number): string {
  const { text } = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta http-equiv="refresh" content="${refreshSeconds}" />
        <title>Maintenance - D&amp;D Tracker</title>
        <link rel="stylesheet" href="/assets/style.css" />
      </head>
      <body>
        <main>
          <h1>Maintenance</h1>
          <p>${message}</p>
          ${until && html`<p>Until about <time datetime="${until.toISOString()}">${spoken(until)}</time>.</p>`}
          <p>This page looks again by itself. <a href="/status">Status</a></p>
        </main>
      </body>
    </html>`;
  return text;
}

function spoken(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
