import { AxeBuilder } from "@axe-core/playwright";
import { MongoClient, type Db } from "mongodb";
import { chromium, type Page } from "playwright-core";
import { deploymentPages, monitoringApi } from "../../../../../infra/engines/monitoring";
import { Secret } from "../../../../../infra/support";
import { findBrowser } from "../../../../harness/tools";
import { fillOperations } from "./operations";
import { serve } from "./served";

/** A machine that does much else at the same time is no failure. */
export const patienceMs = 60_000;

/** Why no browser can be had here; undefined where there is one. */
export const noBrowser = findBrowser() ? undefined : "no chromium on PATH";

/** The pages with the API beside them, and a browser that looks at them. */
export interface InBrowser {
  ops: Db;
  /** What the browser complained about. */
  said: string[];
  look: (path: string, width: number, colorScheme: "light" | "dark") => Promise<Page>;
  close: () => Promise<void>;
}

/** Opens the pages on a database of this name, which a team's last weeks fill. */
export async function openInBrowser(name: string, token: string): Promise<InBrowser> {
  const client = await MongoClient.connect(process.env.TEST_MONGODB_URI ?? "");
  const [ops, database] = [client.db(`${name}_ops`), client.db(name)];
  const drop = () => Promise.all([ops.dropDatabase(), database.dropDatabase()]);
  await drop();
  await fillOperations(ops, database, 9);
  const stopping = new AbortController();
  const here = { ops, environment: "production" };
  const served = await serve({
    ...deploymentPages({ ...here, database, version: "2.0.0", mayResolve: true, stopping: stopping.signal }),
    ...monitoringApi({ ...here, token: new Secret(token), resolveAlert: (id, by) => resolve(ops, id, by) }),
  });
  const executablePath = findBrowser();
  const browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    // Root has no sandbox.
    args: ["--no-sandbox"],
    timeout: patienceMs,
  });
  const said: string[] = [];
  const look: InBrowser["look"] = async (path, width, colorScheme) => {
    const viewport = { width, height: 900 };
    const context = await browser.newContext({ viewport, colorScheme, reducedMotion: "reduce" });
    const page = await context.newPage();
    page.setDefaultTimeout(patienceMs);
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") said.push(message.text());
    });
    page.on("pageerror", (error) => said.push(error.message));
    await page.goto(served.url + path);
    return page;
  };
  const close = async () => {
    await browser.close();
    stopping.abort();
    await served.stop();
    await drop();
    await client.close();
  };
  return { ops, said, look, close };
}

/** As the engine of alerts does it. */
async function resolve(ops: Db, id: string, by: string): Promise<boolean> {
  const ended = { resolved: true, resolvedAt: new Date(), resolvedBy: by };
  const { matchedCount } = await ops
    .collection<{ _id: string }>("alerts")
    .updateOne({ _id: id }, { $set: ended });
  return matchedCount > 0;
}

/** Where people with a screen reader, a keyboard or weak eyes would be shut out, by axe's rules. */
export async function barriersIn(page: Page): Promise<object[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html) }));
}
