import { mkdir } from "node:fs/promises";
import { AxeBuilder } from "@axe-core/playwright";
import { MongoClient, type Db } from "mongodb";
import { chromium, type Browser, type Page } from "playwright-core";
import { deploymentPages, monitoringApi } from "../../../../../infra/engines/monitoring";
import { localFolder, Secret } from "../../../../../infra/support";
import { describeUnless, findBrowser } from "../../../../harness/tools";
import { fillOperations, release } from "./operations";
import { serve, type Served } from "./served";

const token = "a-token-for-this-test";
/** A machine that does much else at the same time is no failure. */
const patienceMs = 60_000;
const executablePath = findBrowser();
/** Ignored by Git: people look at them, the test does not. */
const screenshots = localFolder("screenshots");

describeUnless(executablePath ? undefined : "no chromium on PATH")("in a browser", () => {
  let client: MongoClient;
  let ops: Db;
  let served: Served;
  let browser: Browser;
  const stopping = new AbortController();
  const said: string[] = [];

  beforeAll(async () => {
    client = await MongoClient.connect(process.env.TEST_MONGODB_URI ?? "");
    ops = client.db("pages_browser_ops");
    const database = client.db("pages_browser");
    await Promise.all([ops.dropDatabase(), database.dropDatabase(), mkdir(screenshots, { recursive: true })]);
    await fillOperations(ops, database, 9);
    const here = { ops, environment: "production" };
    served = await serve({
      ...deploymentPages({
        ...here,
        database,
        version: "2.0.0",
        mayResolve: true,
        stopping: stopping.signal,
      }),
      ...monitoringApi({ ...here, token: new Secret(token), resolveAlert: resolve }),
    });
    browser = await chromium.launch({
      ...(executablePath && { executablePath }),
      // Root has no sandbox.
      args: ["--no-sandbox"],
      timeout: patienceMs,
    });
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    stopping.abort();
    await served.stop();
    await Promise.all([ops.dropDatabase(), client.db("pages_browser").dropDatabase()]);
    await client.close();
  });

  /** As the engine of alerts does it. */
  async function resolve(id: string, by: string): Promise<boolean> {
    const ended = { resolved: true, resolvedAt: new Date(), resolvedBy: by };
    const { matchedCount } = await ops
      .collection<{ _id: string }>("alerts")
      .updateOne({ _id: id }, { $set: ended });
    return matchedCount > 0;
  }

  async function look(path: string, width: number, colorScheme: "light" | "dark"): Promise<Page> {
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      colorScheme,
      reducedMotion: "reduce",
    });
    const page = await context.newPage();
    page.setDefaultTimeout(patienceMs);
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") said.push(message.text());
    });
    page.on("pageerror", (error) => said.push(error.message));
    await page.goto(served.url + path);
    return page;
  }

  test("a release arrives while one looks, and an alert is resolved with the token", async () => {
    const page = await look("/deployments", 1280, "light");
    await page.getByText("live", { exact: true }).waitFor();
    await page.locator(".chart.durations rect.bar").first().waitFor();
    await ops
      .collection<{ _id: number }>("releases")
      .insertOne(release(10, { state: "running", finishedAt: null }));
    await page.locator("#release-10").getByText("running").waitFor();
    expect(await page.locator("#told").textContent()).toContain("#10");

    const critical = page.getByRole("button", { name: "Resolve: The newest backup is 30 h old" });
    await critical.click();
    await page.getByLabel("Token").fill("not the token");
    await page.getByRole("button", { name: "Resolve", exact: true }).click();
    await page.getByText("This token is not the right one.").waitFor();
    // The browser itself reports the refusal.
    expect(said.splice(0)).toEqual([expect.stringContaining("401")]);
    await page.getByLabel("Token").fill(token);
    await page.getByRole("button", { name: "Resolve", exact: true }).click();
    await critical.waitFor({ state: "detached" });
    const [stored] = await ops.collection("alerts").find({ rule: "backupAgeHours" }).toArray();
    expect(stored).toMatchObject({ resolved: true, resolvedBy: "dashboard" });

    const slider = page.getByRole("slider", { name: "Releases by duration" });
    await slider.focus();
    await page.keyboard.press("ArrowLeft");
    expect(await slider.getAttribute("aria-valuetext")).toMatch(/^#9.*done in/);
    await page.getByRole("button", { name: "Dark" }).click();
    expect(await page.evaluate("document.documentElement.dataset.theme")).toBe("dark");
    expect(said).toEqual([]);
    await page.context().close();
  }, 180_000);

  test.each([
    ["/deployments", 1280, "light"],
    ["/deployments", 1280, "dark"],
    ["/deployments", 390, "light"],
    ["/deployments", 390, "dark"],
    ["/status", 1280, "light"],
    ["/status", 390, "dark"],
  ] as const)(
    "everybody can use %s, %i wide, %s",
    async (path, width, scheme) => {
      const page = await look(path, width, scheme);
      if (path === "/deployments") await page.locator(".chart.p95Ms .line").waitFor();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html) }))).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
      expect(said).toEqual([]);
      await page.screenshot({
        path: `${screenshots}/${path.slice(1)}-${width}-${scheme}.png`,
        fullPage: true,
      });
      await page.context().close();
    },
    180_000,
  );
});
