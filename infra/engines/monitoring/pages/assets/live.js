const connection = document.getElementById("connection");
const told = document.getElementById("told");

function show(state, words) {
  connection.dataset.state = state;
  connection.textContent = words;
}

/** Calls `changed` whenever the server says that there is something new; breaks are mended by the browser itself. */
export function listen(changed) {
  const source = new EventSource(
    `/deployments/events?seen=${encodeURIComponent(document.body.dataset.revision)}`,
  );
  source.addEventListener("open", () => show("live", "live"));
  source.addEventListener("error", () => {
    if (source.readyState !== EventSource.CLOSED) return show("broken", "coming back");
    // The server refused: it is asked again later, by a new source, for this one never will.
    show("broken", "not live");
    setTimeout(() => listen(changed), 30_000);
  });
  source.addEventListener("changed", changed);
  addEventListener("pagehide", () => source.close(), { once: true });
}

/** Exchanges the parts of the page that have become others; focus and open folds stay where they are. */
export async function refresh() {
  const response = await fetch(location.pathname + location.search, { headers: { accept: "text/html" } });
  if (!response.ok) return show("broken", "the server cannot answer");
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  const before = newestRelease();
  for (const part of fresh.querySelectorAll("[data-live]")) exchange(document.getElementById(part.id), part);
  document.body.dataset.revision = fresh.body.dataset.revision;
  tellNews(before);
}

/** Each part as the server wrote it: what the scripts have changed in it since is no news. */
const originals = new WeakMap(
  [...document.querySelectorAll("[data-live]")].map((part) => [part, part.outerHTML]),
);

function exchange(old, part) {
  const markup = part.outerHTML;
  if (!old || originals.get(old) === markup) return;
  const open = [...old.querySelectorAll("details[open]")].map(({ id }) => id);
  const focus = old.contains(document.activeElement) ? placeOf(document.activeElement) : null;
  for (const id of open) part.querySelector(`#${CSS.escape(id)}`)?.setAttribute("open", "");
  document.adoptNode(part);
  originals.set(part, markup);
  old.replaceWith(part);
  if (focus) (part.querySelector(focus) ?? part.querySelector("h2"))?.focus();
}

/** How to find an element again in the markup that takes the place of its own. */
function placeOf(element) {
  if (element.id) return `#${CSS.escape(element.id)}`;
  if (element.dataset.resolve) return `[data-resolve="${CSS.escape(element.dataset.resolve)}"]`;
  const fold = element.closest("details[id]");
  return fold ? `#${CSS.escape(fold.id)} > summary` : null;
}

function newestRelease() {
  const first = document.querySelector(".timeline .head");
  return first ? first.textContent.replace(/\s+/g, " ").trim() : "";
}

/** People who cannot see the page change are told the one thing that they wait for. */
function tellNews(before) {
  const now = newestRelease();
  if (now && now !== before) told.textContent = `Release ${now}`;
}
