import type { Database } from "../database";
import type { Route } from "../http";
import { deploymentsPage } from "./deployments";
import { homePage } from "./home";
import { icon } from "./icon";
import { script } from "./script";
import { style } from "./style";

/** The pages and what they are made of; everything comes from the app itself. */
export function pageRoutes(database: Database, version: string): Route[] {
  return [
    { path: "/", methods: { GET: () => homePage(database.app, version) } },
    { path: "/deployments", methods: { GET: () => deploymentsPage(database.operations, version) } },
    asset("/assets/app.js", "text/javascript; charset=utf-8", script),
    asset("/assets/style.css", "text/css; charset=utf-8", style),
    asset("/assets/icon.svg", "image/svg+xml", icon),
  ];
}

function asset(path: string, type: string, text: string): Route {
  const headers = { "content-type": type, "cache-control": "public, max-age=300" };
  return { path, methods: { GET: () => new Response(text, { headers }) } };
}
