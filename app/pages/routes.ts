import type { Logger } from "pino";
import type { Database } from "../database";
import { answerTo, type Handler, type Route } from "../http";
import { homePage } from "./home";
import { html } from "../../infra/support";
import { icon } from "./icon";
import { page } from "./layout";
import { script } from "./script";
import { style } from "./style";

/** The pages and what they are made of; everything comes from the app itself. */
export function pageRoutes(database: Database, version: string, log: Logger): Route[] {
  return [
    readable("/", version, log, () => homePage(database.app, version)),
    asset("/assets/app.js", "text/javascript; charset=utf-8", script),
    asset("/assets/style.css", "text/css; charset=utf-8", style),
    asset("/assets/icon.svg", "image/svg+xml", icon),
  ];
}

/** A page that also tells a failure as a page: people read it, not programs. */
function readable(path: string, version: string, log: Logger, render: () => Promise<Response>): Route {
  const get: Handler = async () => {
    try {
      return await render();
    } catch (error) {
      const answer = answerTo(error, (err) => log.error({ err }, "page failed"));
      const { error: message } = (await answer.json()) as { error: string };
      return page("D&D Tracker", version, html`<p class="note">Sorry: ${message}.</p>`, answer.status);
    }
  };
  return { path, methods: { GET: get } };
}

function asset(path: string, type: string, text: string): Route {
  const headers = { "content-type": type, "cache-control": "public, max-age=300" };
  return { path, methods: { GET: () => new Response(text, { headers }) } };
}
