"use strict";
// Runs before the first paint, so that nobody who chose dark is dazzled by a white flash.
(() => {
  const root = document.documentElement;
  const keep = (theme) => {
    try {
      localStorage.setItem("theme", theme);
    } catch {
      // Where nothing may be kept, the choice holds for this page.
    }
  };
  const kept = () => {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null;
    }
  };
  const isDark = () =>
    (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) ===
    "dark";
  const known = kept();
  if (known === "dark" || known === "light") root.dataset.theme = known;

  addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("theme");
    const name = () => (button.textContent = isDark() ? "Light" : "Dark");
    button.hidden = false;
    name();
    button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      keep(root.dataset.theme);
      name();
      dispatchEvent(new Event("themechange"));
    });
  });
})();
