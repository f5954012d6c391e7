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

  const sunday = (from: string, to: string): ReleaseWindow => ({
    ...{ days: ["sun"], from, to, timeZone: "Europe/Berlin" },
  });

  // On 29 March 2026 the clocks of Berlin go from 02:00 to 03:00, which is 01:00 in UTC.
  test.each([
    ["an hour that is left out", sunday("02:00", "03:00"), []],
    ["a beginning that is left out", sunday("02:30", "04:00"), ["01:00", "01:30"]],
    ["an end that is left out", sunday("01:00", "02:30"), ["00:00", "00:30"]],
    ["the hour in the middle", sunday("01:30", "03:30"), ["00:30", "01:00"]],
  ])("in spring, %s: open for what is left of the window", (_, window, open) => {
    const asked = ["00:00", "00:30", "01:00", "01:30", "02:00"];
    expect(asked.filter((time) => isInWindow(new Date(`2026-03-29T${time}Z`), window))).toEqual(open);
  });

  // On 25 October 2026 they go from 03:00 back to 02:00, which is 01:00 in UTC too.
  test.each([
    ["the hour itself", sunday("02:00", "03:00"), ["00:00", "00:30", "01:00", "01:30"]],
    ["a beginning in it", sunday("02:30", "03:30"), ["00:30", "01:00", "01:30", "02:00"]],
    ["an end in it", sunday("01:30", "02:30"), ["23:30", "00:00"]],
    ["a night of which it is the end", { ...sunday("22:00", "02:15"), days: ["sat"] }, ["23:30", "00:00"]],
  ] as const)("in autumn, %s: open once, and not again when the hour comes again", (_, window, open) => {
    const asked = ["23:30", "00:00", "00:30", "01:00", "01:30", "02:00", "02:30"];
    const at = (time: string) => new Date(`2026-10-${time === "23:30" ? 24 : 25}T${time}Z`);
    expect(asked.filter((time) => isInWindow(at(time), { ...window, days: [...window.days] }))).toEqual(open);
  });

  test("a freeze begins and ends at midnight of its place, also where the clock is put back at midnight", () => {
    const freeze = { from: "2026-10-25", to: "2026-10-25", reason: "the clocks change" };
    const frozen = (at: string, zone: string) => freezeAt(new Date(at), [freeze], zone) !== undefined;
    expect(frozen("2026-10-24T21:59Z", "Europe/Berlin")).toBe(false);
    expect(frozen("2026-10-24T22:00Z", "Europe/Berlin")).toBe(true);
    expect(frozen("2026-10-25T22:59Z", "Europe/Berlin")).toBe(true);
    expect(frozen("2026-10-25T23:00Z", "Europe/Berlin")).toBe(false);
    const day = { ...freeze, from: "2026-04-05", to: "2026-04-05" };
    const inSantiago = (at: string) => freezeAt(new Date(at), [day], "America/Santiago") !== undefined;
    // At midnight before 5 April 2026 it is 23:00 of the 4th again.
    expect(inSantiago("2026-04-05T03:30Z")).toBe(false);
    expect(inSantiago("2026-04-05T04:00Z")).toBe(true);
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
