import { html, type Markup } from "../../infra/support";

/** A whole page: heading, navigation, and a place where the script tells what went wrong. */
export function page(title: string, version: string, content: Markup, status = 200): Response {
  const { text } = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/style.css?v=${version}" />
        <script src="/assets/app.js?v=${version}" defer></script>
      </head>
      <body>
        <header>
          <h1>
            <a class="brand" href="/"
              ><img src="/assets/icon.svg" alt="" width="28" height="28" />D&amp;D Tracker</a
            >
          </h1>
          <nav aria-label="Pages"><a href="/">Table</a> <a href="/deployments">Releases</a></nav>
        </header>
        <p id="notice" class="note" role="status" hidden></p>
        <p id="problem" role="alert" hidden></p>
        <noscript><p class="note">Changing things on this page needs its small script.</p></noscript>
        <main>${content}</main>
        <footer>Version ${version}</footer>
      </body>
    </html>`;
  const headers = { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" };
  return new Response(text, { status, headers });
}
