import { followPage } from "./pages";

test(
  "docs/migrations.md does what it says, command after command",
  () => followPage("migrations.md"),
  180_000,
);
