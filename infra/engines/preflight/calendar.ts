import type { Freeze, ReleaseWindow, Weekday } from "./wishes";

interface LocalTime {
  date: string;
  weekday: Weekday;
  minutes: number;
}

const weekdays: readonly Weekday[] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/** By more no place puts its clock back. */
const putBackMinutes = 120;

/** Whether a moment lies in the window, which may reach over midnight into the day after one of its days. */
export function isInWindow(now: Date, { days, from, to, timeZone }: ReleaseWindow): boolean {
  const { weekday, minutes } = reached(now, timeZone);
  const [begin, end] = [minutesOf(from), minutesOf(to)];
  if (begin < end) return days.includes(weekday) && minutes >= begin && minutes < end;
  const before = weekdays[(weekdays.indexOf(weekday) + 6) % 7] ?? weekday;
  return (days.includes(weekday) && minutes >= begin) || (days.includes(before) && minutes < end);
}

/** The freeze that a moment lies in. */
export function freezeAt(now: Date, freezes: readonly Freeze[], timeZone: string): Freeze | undefined {
  const { date } = reached(now, timeZone);
  return freezes.find(({ from, to }) => from <= date && date <= to);
}

/**
 * What the clock of a place has reached. It never goes back: in an hour that comes twice a window neither opens nor
 * closes a second time.
 */
function reached(now: Date, timeZone: string): LocalTime {
  const format = new Intl.DateTimeFormat("en-GB", {
    ...{ timeZone, year: "numeric", month: "2-digit", day: "2-digit" },
    ...{ hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  });
  const read = (at: number) => {
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
    return `${parts.year}-${parts.month}-${parts.day} ${parts.hour}:${parts.minute}`;
  };
  const minutes = Array.from({ length: putBackMinutes + 1 }, (_, ago) => now.getTime() - ago * 60_000);
  const [date = "", time = ""] = minutes.map(read).sort().at(-1)?.split(" ") ?? [];
  const weekday = weekdays[new Date(date).getUTCDay()] ?? "sun";
  return { date, weekday, minutes: minutesOf(time) };
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}
