import { inTime } from "../in-time";
import { jsonAnswer, pageAnswer, sorryAnswer, streamAnswer } from "./answers";
import { assetPages } from "./asset-files";
import { readDashboard } from "./data/dashboard-data";
import { dashboardPage } from "./dashboard-page";
import { LiveFeed } from "./live/live-feed";
import { Snapshot } from "./live/snapshot";
import { watchChanges } from "./live/watch";
import type { Page, PagesOptions } from "./options";
import { revisionOf } from "./revision";
import { readStatus, statusWithoutRecords } from "./status/status-data";
import { statusPage } from "./status/status-page";

/** So long one reading serves everybody who asks. */
const keepMs = 500;
/** A database that is silent keeps nobody waiting for longer. */
const patienceMs = 5000;
/** What people outside can ask for costs less still. */
const statusKeepMs = 5000;

/** The dashboard and the status page with all that they are made of: a function from request to response for each path. */
export function deploymentPages(options: PagesOptions): Record<string, Page> {
  const newest = new Snapshot(() => readDashboard(options), keepMs);
  const status = new Snapshot(() => readStatus(options), statusKeepMs);
  const feed = new LiveFeed({
    watch: (look, signal) => watchChanges(options.ops, look, signal),
    revision: async () => revisionOf(await newest.fresh()),
    stopping: options.stopping,
  });
  const dataFor = (request: Request) => {
    const before = pageAsked(request);
    return before === undefined ? newest.recent() : readDashboard(options, before);
  };
  return {
    "/deployments": orSorry(options, async (request) => {
      const [data, seen] = await Promise.all([dataFor(request), newest.recent()]);
      const revision = revisionOf(seen);
      return pageAnswer(
        dashboardPage(data, { revision, edition: options.version, mayResolve: options.mayResolve }),
      );
    }),
    "/deployments/data.json": orSorry(options, async (request) => jsonAnswer(await dataFor(request))),
    "/deployments/events": async (request) => {
      const stream = feed.listen(lastSeen(request));
      return stream
        ? streamAnswer(stream)
        : jsonAnswer({ error: "too many listen" }, 503, { "retry-after": "30" });
    },
    "/status": async () => {
      const known = await inTime(status.recent(), patienceMs).catch((error: unknown) => {
        options.report?.(error);
        return statusWithoutRecords(options);
      });
      return pageAnswer(statusPage(known), known ? 200 : 503);
    },
    ...assetPages(),
  };
}

/** The number below which the timeline is to begin. */
function pageAsked(request: Request): number | undefined {
  const asked = new URL(request.url).searchParams.get("before");
  return asked !== null && /^\d{1,9}$/.test(asked) ? Number(asked) : undefined;
}

/** The state that a browser shows: on coming back by its own word, at first by the page that it has loaded. */
function lastSeen(request: Request): string | null {
  return request.headers.get("last-event-id") ?? new URL(request.url).searchParams.get("seen");
}

/** A database that is away is told as such, without a word of why. */
function orSorry(options: PagesOptions, page: Page): Page {
  return async (request) => {
    try {
      return await inTime(page(request), patienceMs);
    } catch (error) {
      options.report?.(error);
      return sorryAnswer();
    }
  };
}
