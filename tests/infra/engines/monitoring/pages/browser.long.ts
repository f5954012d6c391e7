import { mkdir } from "node:fs/promises";
import { localFolder } from "../../../../../infra/support";
import { describeUnless } from "../../../../harness/tools";
import { barriersIn, noBrowser, openInBrowser, type InBrowser } from "./in-browser";

/** Ignored by Git: people look at them, the test does not. */
const screenshots = localFolder("screenshots");

describeUnless(noBrowser)("everybody can use", () => {
  let open: InBrowser;

  beforeAll(async () => {
    await mkdir(screenshots, { recursive: true });
    open = await openInBrowser("pages_everybody", "a-token-for-this-test");
  }, 120_000);
  afterAll(async () => {
    await open.close();
  });

  test.each([
    ["/deployments", 1280, "light"],
    ["/deployments", 1280, "dark"],
    ["/deployments", 390, "light"],
    ["/deployments", 390, "dark"],
    ["/status", 1280, "light"],
    ["/status", 1280, "dark"],
    ["/status", 390, "light"],
    ["/status", 390, "dark"],
  ] as const)(
    "%s, %i wide, %s",
    async (path, width, scheme) => {
      const page = await open.look(path, width, scheme);
      if (path === "/deployments") await page.locator(".chart.p95Ms .line").waitFor();
      // What is folded away is to be used too.
      for (const fold of await page.locator("summary").all()) await fold.click();
      expect(await barriersIn(page)).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
      expect(open.said).toEqual([]);
      await page.screenshot({
        path: `${screenshots}/${path.slice(1)}-${width}-${scheme}.png`,
        fullPage: true,
      });
      await page.context().close();
    },
    180_000,
  );

  test("the token's dialog, by keyboard alone", async () => {
    const page = await open.look("/deployments", 1280, "light");
    const button = page.getByRole("button", { name: "Resolve: Answers are slow" });
    await button.focus();
    await page.keyboard.press("Enter");
    await page.getByLabel("Token").waitFor();
    expect(await barriersIn(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByLabel("Token").waitFor({ state: "hidden" });
    expect(await button.evaluate((element) => element.matches(":focus"))).toBe(true);
    await page.context().close();
  }, 180_000);

  test("the status page without scripts", async () => {
    const page = await open.look("/status", 390, "light");
    const browser = page.context().browser();
    const context = await browser?.newContext({ javaScriptEnabled: false });
    const bare = await context?.newPage();
    await bare?.goto(page.url());
    expect(await bare?.getByRole("heading", { level: 1 }).textContent()).toBe("The tracker works");
    expect(await bare?.getByRole("button").count()).toBe(0);
    await context?.close();
    await page.context().close();
  }, 180_000);
});
