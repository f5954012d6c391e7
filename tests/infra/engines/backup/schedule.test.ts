import { parseSchedule, viewSchedule } from "../../../../infra/engines/backup";

const at = (text: string) => new Date(`2026-05-${text}:00Z`);
const since = at("01T00:00");
const three = { hour: 3, minute: 0 };

describe("a schedule", () => {
  test("is a time of the day, or none", () => {
    expect(parseSchedule("03:00")).toEqual(three);
    expect(parseSchedule("23:59")).toEqual({ hour: 23, minute: 59 });
    for (const wrong of ["24:00", "3:00", "03:60", "daily", ""]) expect(parseSchedule(wrong)).toBeUndefined();
  });

  test("says when the next backup is due: today before the hour, tomorrow from it on", () => {
    const newest = at("09T23:00");
    expect(viewSchedule(three, { newest, since, now: at("10T02:59") })).toEqual({
      next: at("10T03:00"),
      missed: null,
    });
    expect(viewSchedule(three, { newest, since, now: at("10T03:00") })).toEqual({
      next: at("11T03:00"),
      missed: at("10T03:00"),
    });
  });

  test("knows a missed one until somebody made it up, and none from before the stack", () => {
    const now = at("10T12:00");
    expect(viewSchedule(three, { newest: at("09T03:01"), since, now }).missed).toEqual(at("10T03:00"));
    expect(viewSchedule(three, { newest: at("10T11:00"), since, now }).missed).toBeNull();
    expect(viewSchedule(three, { newest: null, since: at("10T09:00"), now }).missed).toBeNull();
    expect(viewSchedule(three, { newest: null, since, now }).missed).toEqual(at("10T03:00"));
  });
});
