import { html, type Markup } from "../../../support";

/** Nothing from elsewhere, nothing inline: a text that became markup could still run nothing. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

const guarded = {
  "content-security-policy": policy,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};

/** A page as it is at this moment. */
export function pageAnswer(page: Markup, status = 200): Response {
  return answer(page.text.trimStart(), "text/html; charset=utf-8", { "cache-control": "no-store" }, status);
}

/** JSON as it is at this moment. */
export function jsonAnswer(value: unknown, status = 200, headers: Record<string, string> = {}): Response {
  const all = { "cache-control": "no-store", ...headers };
  return answer(JSON.stringify(value), "application/json; charset=utf-8", all, status);
}

/** A text that stays as it is as long as the edition runs. */
export function assetAnswer(text: string, type: string): Response {
  return answer(text, type, { "cache-control": "public, max-age=300" });
}

/** A stream of events, which no proxy on the way is to hold back. */
export function streamAnswer(stream: ReadableStream<Uint8Array>): Response {
  const headers = { "cache-control": "no-store, no-transform", "x-accel-buffering": "no" };
  return answer(stream, "text/event-stream; charset=utf-8", headers);
}

/** Says in a page of its own that there is nothing to show now. */
export function sorryAnswer(): Response {
  return pageAnswer(
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>Not now</title>
          <link rel="stylesheet" href="/deployments/assets/style.css" />
        </head>
        <body class="sorry">
          <main>
            <h1>Not now</h1>
            <p>The database of the operations cannot be reached. Load this page again in a moment.</p>
          </main>
        </body>
      </html>`,
    503,
  );
}

function answer(
  body: string | ReadableStream<Uint8Array>,
  type: string,
  headers: Record<string, string>,
  status = 200,
): Response {
  return new Response(body, { status, headers: { "content-type": type, ...headers, ...guarded } });
}
