import type { Settings } from "../../../stacks/settings";
import { missing, ok, warning, type Finding } from "../finding";

const what = "database.reach";

/** How the machine that deploys comes to the database, and what it lacks for that. */
export function examineReach({ database, app }: Settings, env: NodeJS.ProcessEnv): Finding[] {
  if (database.kind === "uri") return [addressFinding(env)];
  if (database.kind !== "atlas") return [];
  const { reach, accessList } = database;
  if (reach === "listed" && accessList.length === 0)
    return [
      missing(
        what,
        "listed, and database.accessList is empty: this machine will not come in",
        "Put its address there, or set database.reach to temporary.",
      ),
    ];
  if (reach === "listed")
    return [ok(what, `listed: this machine is let in by database.accessList (${accessList.join(", ")})`)];
  const closed = !app.addresses.egress && accessList.length === 0;
  const findings = [
    ok(what, "temporary: this machine lets itself in for the run, two hours at most; it needs Project Owner"),
  ];
  return closed
    ? [
        ...findings,
        missing(
          "app.addresses.egress",
          "is false and nobody else is listed: the app will not come in",
          "Set it to true.",
        ),
      ]
    : findings;
}

function addressFinding({ MONGODB_URI: uri }: NodeJS.ProcessEnv): Finding {
  if (uri) return ok("MONGODB_URI", "is in the environment");
  return warning(
    "MONGODB_URI",
    "is not in the environment",
    "Whoever runs `up` sets it to the database's address, with user and password.",
  );
}
