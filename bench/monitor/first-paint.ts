import type { MongoClient } from "mongodb";
import { chromium, type Browser } from "playwright-core";
import { deploymentPages } from "../../infra/engines/monitoring";
import { findBrowser } from "../../tests/harness/tools";
import { fillOperations } from "../../tests/infra/engines/monitoring/pages/operations";
import { serve } from "../../tests/infra/engines/monitoring/pages/served";
import { median } from "../shared/pairs";

const rounds = 7;

/** From asking for the dashboard to the first thing that one sees, in a browser that knows nothing of it yet. */
export async function measureFirstPaint(client: MongoClient, releases: number): Promise<void> {
  const executablePath = findBrowser();
  if (!executablePath)
    return console.log("\ndashboard: no chromium on PATH, its first paint is not measured");
  const ops = client.db("bench_paint_ops");
  const database = client.db("bench_paint");
  await Promise.all([ops.dropDatabase(), database.dropDatabase()]);
  await fillOperations(ops, database, releases);
  const pages = deploymentPages({
    ops,
    database,
    environment: "production",
    version: "1.0.0",
    mayResolve: true,
  });
  const served = await serve(pages);
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    const paints: number[] = [];
    for (let round = 0; round < rounds; round++)
      paints.push(await firstPaint(browser, `${served.url}/deployments`));
    console.log(`\ndashboard with ${releases} releases, first paint, ${rounds} loads with an empty cache`);
    console.log(
      `median ${Math.round(median(paints))}ms, slowest ${Math.round(Math.max(...paints))}ms (target: under 1000ms)`,
    );
  } finally {
    await browser.close();
    await served.stop();
    await Promise.all([ops.dropDatabase(), database.dropDatabase()]);
  }
}

async function firstPaint(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(url);
    await page.locator(".chart.durations rect.bar").first().waitFor();
    return await page.evaluate<number>("performance.getEntriesByName('first-contentful-paint')[0].startTime");
  } finally {
    await context.close();
  }
}
