import { followPage } from "./pages";

test("docs/rollback.md does what it says, command after command", () => followPage("rollback.md"), 300_000);
