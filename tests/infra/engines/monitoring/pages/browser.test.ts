import { describeUnless } from "../../../../harness/tools";
import { barriersIn, noBrowser, openInBrowser, type InBrowser } from "./in-browser";
import { release } from "./operations";

const token = "a-token-for-this-test";

describeUnless(noBrowser)("in a browser", () => {
  let open: InBrowser;

  beforeAll(async () => {
    open = await openInBrowser("pages_browser", token);
  }, 120_000);
  afterAll(async () => {
    await open.close();
  });

  test("a release arrives while one looks, and an alert is resolved with the token", async () => {
    const { ops, said } = open;
    const page = await open.look("/deployments", 1280, "light");
    await page.getByText("live", { exact: true }).waitFor();
    await page.locator(".chart.durations rect.bar").first().waitFor();
    await ops
      .collection<{ _id: number }>("releases")
      .insertOne(release(10, { state: "running", finishedAt: null }));
    await page.locator("#release-10").getByText("running").waitFor();
    await page.locator("#told").getByText("#10").waitFor({ state: "attached" });

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
    await page.keyboard.press("Home");
    expect(await slider.getAttribute("aria-valuetext")).toMatch(/^#1, done in/);
    await page.getByRole("button", { name: "Dark" }).click();
    expect(await page.evaluate("document.documentElement.dataset.theme")).toBe("dark");
    expect(said).toEqual([]);
    await page.context().close();
  }, 180_000);

  test("everybody can use the dashboard, on a phone in the dark too", async () => {
    const page = await open.look("/deployments", 390, "dark");
    await page.locator(".chart.p95Ms .line").waitFor();
    expect(await barriersIn(page)).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
    expect(open.said).toEqual([]);
    await page.context().close();
  }, 180_000);
});
