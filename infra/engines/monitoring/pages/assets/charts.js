import { clockTicksTo, draw, frame, ticksTo, withCursor } from "./drawing.js";

const hour = new Intl.DateTimeFormat("en-GB", { weekday: "short", hour: "2-digit", minute: "2-digit" });
const date = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const height = 190;
/** A line is not drawn over a time in which nothing was measured. */
const gapMs = 2.5 * 3_600_000;
const shownMs = 48 * 3_600_000;

const lines = {
  errorPercent: { name: "Error rate over time", say: (value) => `${round(value)} %`, limits: [1, 5] },
  p95Ms: { name: "Response time over time", say: (value) => `${Math.round(value)} ms`, limits: [1000, 2000] },
};

let known;

/** Fetches the figures and draws all charts. */
export async function drawCharts() {
  const response = await fetch("/deployments/data.json");
  if (!response.ok) return;
  known = await response.json();
  drawAll();
}

function drawAll() {
  if (!known) return;
  for (const place of document.querySelectorAll("[data-chart]")) {
    const name = place.dataset.chart;
    if (name === "durations") durations(place, known.history);
    else line(place, known.series[name], lines[name], Date.parse(known.at));
  }
}

let waiting;
new ResizeObserver(() => {
  cancelAnimationFrame(waiting);
  waiting = requestAnimationFrame(drawAll);
}).observe(document.getElementById("charts"));

/** A bar a release; what failed is told by its shape too, not by its colour alone. */
function durations(place, history) {
  if (history.length === 0) return place.replaceChildren();
  const highest = Math.max(...history.map(({ seconds }) => seconds ?? 0), 1);
  const chart = frame(place, { height, ticks: clockTicksTo(highest), label: tickText });
  const { svg, inner, y } = chart;
  const step = (inner.right - inner.left) / Math.max(history.length, 12);
  const stops = history.map((release, at) => {
    const x = inner.left + at * step + step / 2;
    svg.append(...bar(release, x, step * 0.7, y, inner.bottom));
    return { x, words: releaseWords(release) };
  });
  edgeLabels(chart, `#${history[0].number}`, `#${history.at(-1).number}`, stops.at(-1).x);
  withCursor(place, chart, { name: "Releases by duration", stops, start: stops.length - 1 });
}

function bar({ state, seconds }, x, width, y, bottom) {
  const top = Math.min(seconds === null ? bottom - 12 : y(seconds), bottom - 3);
  const shape = { x: x - width / 2, y: top, width, height: bottom - top, rx: Math.min(2, width / 3) };
  const drawn = [draw("rect", { class: `bar ${state}`, ...shape })];
  if (state === "failed") {
    const arm = Math.min(4, Math.max(2, width / 2));
    const cross = `M${x - arm} ${top - 4 - 2 * arm}l${2 * arm} ${2 * arm}m0 ${-2 * arm}l${-2 * arm} ${2 * arm}`;
    drawn.push(draw("path", { class: "cross", d: cross }));
  }
  return drawn;
}

function releaseWords({ number, state, kind, seconds, startedAt }) {
  const what = kind === "forward" ? "" : ", rollback";
  const took = seconds === null ? "" : ` in ${secondsText(seconds)}`;
  return `#${number}${what}, ${state}${took}, ${date.format(new Date(startedAt))}`;
}

/** A figure over the last two days, with the limits at which people are called. */
function line(place, points, { name, say, limits }, now) {
  if (points.length === 0) return place.replaceChildren();
  const values = points.map(({ value }) => value);
  const ticks = ticksTo(Math.max(...values, limits[0] * 1.2));
  const chart = frame(place, { height, ticks, label: say });
  const { svg, inner, y } = chart;
  const start = now - shownMs;
  const x = (at) => inner.left + ((Date.parse(at) - start) / (now - start)) * (inner.right - inner.left);
  const stops = points.map(({ at, value }) => ({
    x: x(at),
    y: y(value),
    at: Date.parse(at),
    words: `${hour.format(new Date(at))}: ${say(value)}`,
  }));
  for (const part of unbroken(stops)) {
    const path = part.map((stop) => `${stop.x.toFixed(1)} ${stop.y.toFixed(1)}`).join("L");
    svg.append(
      draw("path", {
        class: "area",
        d: `M${part[0].x} ${inner.bottom}L${path}L${part.at(-1).x} ${inner.bottom}Z`,
      }),
      draw("path", { class: "line", d: `M${path}` }),
    );
  }
  limits.forEach((limit, at) => {
    if (limit > (ticks.at(-1) ?? 0)) return;
    const level = at === 0 ? "warning" : "critical";
    svg.append(
      draw("line", { class: `limit ${level}`, x1: inner.left, x2: inner.right, y1: y(limit), y2: y(limit) }),
      draw("text", { class: `limit ${level}`, x: inner.right, y: y(limit) - 4, "text-anchor": "end" }, level),
    );
  });
  edgeLabels(chart, date.format(new Date(start)), "now", inner.right);
  withCursor(place, chart, { name, stops, start: stops.length - 1 });
}

function unbroken(stops) {
  const parts = [];
  for (const stop of stops) {
    const last = parts.at(-1);
    if (last && stop.at - last.at(-1).at <= gapMs) last.push(stop);
    else parts.push([stop]);
  }
  return parts;
}

function edgeLabels({ svg, inner }, first, last, lastX) {
  const y = inner.bottom + 16;
  svg.append(draw("text", { class: "tick", x: inner.left, y }, first));
  if (lastX - inner.left > 60)
    svg.append(draw("text", { class: "tick", x: lastX, y, "text-anchor": "end" }, last));
}

/** As short as an axis has room for. */
function tickText(seconds) {
  if (seconds < 60) return `${seconds} s`;
  return seconds < 3600 ? `${round(seconds / 60)} min` : `${round(seconds / 3600)} h`;
}

function secondsText(seconds) {
  if (seconds < 60) return `${round(seconds)} s`;
  const rest = Math.round(seconds % 60);
  return rest === 0 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 60)} min ${rest} s`;
}

function round(value) {
  return value >= 10 ? Math.round(value) : Math.round(value * 10) / 10;
}
