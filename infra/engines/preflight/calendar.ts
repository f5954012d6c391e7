import type { Freeze, ReleaseWindow, Weekday } from "./wishes";

interface LocalTime {
  date: string;
  weekday: Weekday;
  minutes: number;
}

const weekdays: readonly Weekday[] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/** Whether a moment lies in the window, which may reach over midnight into the day after one of its days. */
export function isInWindow(now: Date, { days, from, to, timeZone }: ReleaseWindow): boolean {
  const { weekday, minutes } = localTime(now, timeZone);
  const [begin, end] = [minutesOf(from), minutesOf(to)];
  if (begin < end) return days.includes(weekday) && minutes >= begin && minutes < end;
  const before = weekdays[(weekdays.indexOf(weekday) + 6) % 7] ?? weekday;
  return (days.includes(weekday) && minutes >= begin) || (days.includes(before) && minutes < end);
}

/** The freeze that a moment lies in. */
export function freezeAt(now: Date, freezes: readonly Freeze[], timeZone: string): Freeze | undefined {
  const { date } = localTime(now, timeZone);
  return freezes.find(({ from, to }) => from <= date && date <= to);
}

function localTime(now: Date, timeZone: string): LocalTime {
  const format = new Intl.DateTimeFormat("en-GB", {
    ...{ timeZone, weekday: "short", year: "numeric", month: "2-digit", day: "2-digit" },
    ...{ hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  });
  const parts = Object.fromEntries(format.formatToParts(now).map(({ type, value }) => [type, value]));
  return {
    date: `${parts.year}-${parts.month}-${parts.day}`,
    weekday: (parts.weekday ?? "").toLowerCase() as Weekday,
    minutes: Number(parts.hour) * 60 + Number(parts.minute),
  };
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}
