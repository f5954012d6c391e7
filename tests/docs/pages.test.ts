import { followPage } from "./pages";

test(
  "docs/migrations.md does what it says, command after command",
  // No command of the page reads an archive.
  () => followPage("migrations.md", { backup: { enabled: false } }),
  180_000,
);
