import { freezeAt, isInWindow } from "../../../../infra/engines/preflight/calendar";
import type { ReleaseWindow } from "../../../../infra/engines/preflight";

const week: ReleaseWindow = {
  days: ["mon", "tue", "wed", "thu"],
  from: "09:00",
  to: "17:00",
  timeZone: "Europe/Berlin",
};
const night: ReleaseWindow = { days: ["sat"], from: "22:00", to: "02:00", timeZone: "UTC" };

describe("the calendar of releases", () => {
  test.each([
    ["2026-11-23T08:00:00Z", true],
    ["2026-11-23T07:59:00Z", false],
    ["2026-11-23T16:00:00Z", false],
    ["2026-11-27T10:00:00Z", false],
    // Summer: the same hour of the clock is another one in UTC.
    ["2026-07-06T07:00:00Z", true],
    ["2026-07-06T15:00:00Z", false],
  ])("%s: a window follows the clock of its place (open: %s)", (at, open) => {
    expect(isInWindow(new Date(at), week)).toBe(open);
  });

  test.each([
    ["2026-11-21T22:00:00Z", true],
    ["2026-11-22T01:59:00Z", true],
    ["2026-11-22T02:00:00Z", false],
    ["2026-11-22T22:30:00Z", false],
    ["2026-11-21T01:00:00Z", false],
  ])("%s: a window over midnight belongs to the day on which it opens (open: %s)", (at, open) => {
    expect(isInWindow(new Date(at), night)).toBe(open);
  });

  test("a freeze holds on its first and on its last day, and says why", () => {
    const freeze = { from: "2026-12-24", to: "2026-12-26", reason: "nobody is there" };
    const at = (day: string) => freezeAt(new Date(`${day}T23:30:00Z`), [freeze], "UTC");
    expect(at("2026-12-23")).toBeUndefined();
    expect(at("2026-12-24")).toBe(freeze);
    expect(at("2026-12-26")).toBe(freeze);
    expect(at("2026-12-27")).toBeUndefined();
    expect(freezeAt(new Date("2026-12-23T23:30:00Z"), [freeze], "Europe/Berlin")).toBe(freeze);
  });
});
