import { followPage } from "./pages";

test(
  "docs/local-stack.md does what it says, command after command",
  () => followPage("local-stack.md"),
  180_000,
);
