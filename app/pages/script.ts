/** The page's one script: forms become JSON for the API, then the page's content is fetched anew. */
export const script = String.raw`"use strict";
const problem = document.getElementById("problem");
let busy = false;

function bodyOf(form) {
  const body = {};
  for (const field of form.elements) {
    if (!field.name || field.value === "") continue;
    const isNumber = field.type === "number" || "number" in field.dataset;
    const value = isNumber ? Number(field.value) : field.value;
    for (const path of [field.name, field.dataset.copy]) if (path) put(body, path.split("."), value);
  }
  return body;
}

function put(target, path, value) {
  const name = path[0];
  if (path.length === 1) target[name] = value;
  else put((target[name] ??= {}), path.slice(1), value);
}

function tell(message) {
  problem.textContent = message;
  problem.hidden = !message;
}

async function refresh() {
  const response = await fetch(location.href);
  if (!response.ok) return tell("The page cannot be brought up to date. It will try again.");
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  const focused = document.activeElement && document.activeElement.id;
  document.querySelector("main").replaceWith(fresh.querySelector("main"));
  if (focused) document.getElementById(focused)?.focus();
}

async function send(form, submitter) {
  const address = submitter?.getAttribute("formaction") ?? form.getAttribute("action");
  const method = form.dataset.method ?? "POST";
  const headers = { "content-type": "application/json" };
  const request = method === "DELETE" ? { method } : { method, headers, body: JSON.stringify(bodyOf(form)) };
  const response = await fetch(address, request);
  if (response.ok) {
    tell("");
    return true;
  }
  const { error, reasons = [] } = await response.json().catch(() => ({ error: "no answer" }));
  tell([error, ...reasons].join(" · "));
  return false;
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!("json" in form.dataset)) return;
  event.preventDefault();
  if (busy || (form.dataset.confirm && !confirm(form.dataset.confirm))) return;
  busy = true;
  try {
    const done = await send(form, event.submitter);
    // What was refused stays in its form to be mended; a form with nothing to write shows how things stand now.
    if (done || !form.querySelector("input:not([type=hidden])")) await refresh();
  } catch {
    tell("The tracker cannot be reached. Try again in a moment.");
  } finally {
    busy = false;
  }
});

// Whoever plays learns in time that the table is about to close.
async function notice() {
  const { on, scheduled, message, from, until } = await (await fetch("/api/maintenance")).json();
  const place = document.getElementById("notice");
  const time = (at) => new Date(at).toLocaleString();
  const when = scheduled ? "From " + time(from) + (until ? " until " + time(until) : "") + ": " : "";
  place.textContent = on || scheduled ? when + message : "";
  place.hidden = !on && !scheduled;
}
notice().catch(() => {});
setInterval(() => document.hidden || notice().catch(() => {}), 60000);

// Two players at one table see each other's moves; nobody's half-written form is taken away.
setInterval(() => {
  const writing = document.activeElement?.matches("input, select, summary, button");
  if (document.hidden || busy || writing || !document.querySelector(".card.active")) return;
  refresh().catch(() => tell("The tracker cannot be reached. It will try again."));
}, 4000);
`;
