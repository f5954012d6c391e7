const namespace = "http://www.w3.org/2000/svg";

/** An element of a drawing; attributes alone, for the page's policy allows no style of its own. */
export function draw(name, attributes = {}, ...children) {
  const element = document.createElementNS(namespace, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...children);
  return element;
}

const tens = [1, 2, 2.5, 5, 10];
const clockwork = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400, 43_200];

/** Values from zero to one at or above the highest, in steps that people count in. */
export function ticksTo(highest) {
  const rough = Math.max(highest, 1e-9) / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = tens.map((times) => times * power).find((one) => one >= rough);
  return stepsTo(highest, step);
}

/** The same for seconds, which people count by minutes and hours. */
export function clockTicksTo(highest) {
  return stepsTo(highest, clockwork.find((one) => one >= highest / 3) ?? Math.ceil(highest / 3));
}

function stepsTo(highest, step) {
  const ticks = [];
  for (let at = 0; at < 5 && (ticks.at(-1) ?? -1) < highest; at++) ticks.push(at * step);
  return ticks;
}

/** An empty chart with its grid: where things are drawn, and how values become places. */
export function frame(place, { height, ticks, label }) {
  const width = Math.max(240, Math.round(place.clientWidth));
  const inner = { left: 58, right: width - 8, top: 10, bottom: height - 22 };
  const highest = ticks.at(-1) || 1;
  const y = (value) => inner.bottom - (Math.min(value, highest) / highest) * (inner.bottom - inner.top);
  const svg = draw("svg", { width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
  for (const tick of ticks) {
    svg.append(
      draw("line", { class: "grid", x1: inner.left, x2: inner.right, y1: y(tick), y2: y(tick) }),
      draw("text", { class: "tick", x: inner.left - 8, y: y(tick) + 4, "text-anchor": "end" }, label(tick)),
    );
  }
  return { svg, inner, y };
}

/**
 * A cursor over the chart, moved by pointer, finger and arrow keys alike; the browser's own slider does the work, and
 * says to those who listen what the others see.
 */
export function withCursor(place, { svg, inner }, { name, stops, start }) {
  const line = draw("line", { class: "cursor", y1: inner.top, y2: inner.bottom, visibility: "hidden" });
  svg.append(line);
  const slider = document.createElement("input");
  Object.assign(slider, {
    type: "range",
    min: 0,
    max: stops.length - 1,
    value: start,
    className: "cursor-slider",
  });
  slider.setAttribute("aria-label", name);
  const words = document.createElement("p");
  words.className = "reading";
  words.setAttribute("aria-hidden", "true");
  const show = (at, isSeen) => {
    const stop = stops[at];
    slider.value = at;
    slider.setAttribute("aria-valuetext", stop.words);
    words.textContent = isSeen ? stop.words : "";
    line.setAttribute("visibility", isSeen ? "visible" : "hidden");
    line.setAttribute("x1", stop.x);
    line.setAttribute("x2", stop.x);
  };
  slider.addEventListener("input", () => show(Number(slider.value), true));
  slider.addEventListener("focus", () => show(Number(slider.value), slider.matches(":focus-visible")));
  slider.addEventListener("pointermove", ({ offsetX }) => show(nearest(stops, offsetX), true));
  for (const end of ["pointerleave", "blur"])
    slider.addEventListener(end, () => show(Number(slider.value), false));
  const before = place.contains(document.activeElement) ? place.querySelector(".cursor-slider") : null;
  // Who reads along stays where they are, whatever has come since.
  const kept = before ? stops.findIndex((stop) => stop.words === before.getAttribute("aria-valuetext")) : -1;
  show(kept < 0 ? start : kept, false);
  place.replaceChildren(svg, slider, words);
  if (before) slider.focus();
}

function nearest(stops, x) {
  let best = 0;
  for (let at = 1; at < stops.length; at++)
    if (Math.abs(stops[at].x - x) < Math.abs(stops[best].x - x)) best = at;
  return best;
}
