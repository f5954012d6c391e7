import { followPage } from "./pages";

test("docs/backups.md does what it says, command after command", () => followPage("backups.md"), 180_000);

test(
  "docs/local-stack.md does what it says, command after command",
  () => followPage("local-stack.md"),
  180_000,
);

test("docs/releases.md does what it says, command after command", () => followPage("releases.md"), 180_000);
