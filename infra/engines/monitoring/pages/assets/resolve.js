const key = "monitoring-token";
const dialog = document.getElementById("token-dialog");
const field = document.getElementById("token");
const problem = document.getElementById("token-problem");
const told = document.getElementById("told");
let wanted;

/** Shows the buttons, which do nothing without this script. */
export function showButtons() {
  for (const button of document.querySelectorAll("[data-resolve]")) button.hidden = false;
}

/** Lets the bearer of the token resolve alerts; `done` is called after each. */
export function letResolve(done) {
  if (!dialog) return;
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-resolve]");
    if (!button) return;
    wanted = button;
    if (sessionStorage.getItem(key)) await resolve(done);
    else ask("");
  });
  dialog.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    sessionStorage.setItem(key, field.value);
    await resolve(done);
  });
  document.getElementById("token-cancel").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => (field.value = ""));
}

function ask(words) {
  problem.textContent = words;
  if (!dialog.open) dialog.showModal();
  field.focus();
}

async function resolve(done) {
  wanted.disabled = true;
  try {
    const response = await fetch("/api/monitoring/deployment", {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${sessionStorage.getItem(key)}` },
      body: JSON.stringify({
        action: "resolve-alert",
        data: { alertId: wanted.dataset.resolve, resolvedBy: "dashboard" },
      }),
    });
    if (response.status === 401) {
      sessionStorage.removeItem(key);
      return ask("This token is not the right one.");
    }
    // An alert that is gone has been resolved by somebody else: the page shows it.
    if (!response.ok && response.status !== 404) return ask("The server could not resolve it. Try again.");
    dialog.close();
    told.textContent = "The alert is resolved.";
    await done();
  } catch {
    ask("The server cannot be reached. Try again.");
  } finally {
    wanted.disabled = false;
  }
}
