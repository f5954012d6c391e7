const ago = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const exact = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });
const units = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

/** "3 hours ago"; the exact moment for what is older than a month. */
export function agoText(at, now = Date.now()) {
  const seconds = (at - now) / 1000;
  if (Math.abs(seconds) > 30 * 86_400) return exact.format(at);
  const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
  if (unit === "second") return seconds < 0 ? "just now" : "in a moment";
  return ago.format(Math.round(seconds / size), unit);
}

/** Puts every moment on the page into the reader's own time, and says how long ago it is. */
export function tellTimes(root = document) {
  for (const element of root.querySelectorAll("time[datetime]")) {
    const at = new Date(element.dateTime);
    element.title = exact.format(at);
    element.textContent = agoText(at);
  }
}
