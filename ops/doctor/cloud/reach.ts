import { OperatorError } from "../../../infra/support";
import type { Settings } from "../../../stacks/settings";
import { missing, ok, warning, type Finding } from "../finding";
import { isAmong } from "./is-among";
import { patienceMs } from "./looked";
import { examineOverFly } from "./over-fly";

const what = "database.reach";

/** How the machine that deploys comes to the database, and what it lacks for that. */
export async function examineReach(settings: Settings, env: NodeJS.ProcessEnv): Promise<Finding[]> {
  const { database, app } = settings;
  if (database.kind === "uri") return [addressFinding(env)];
  if (database.kind !== "atlas") return [];
  const { reach, accessList } = database;
  if (reach === "listed") return [await listedFinding(accessList, env)];
  if (reach === "fly") return examineOverFly(settings, env);
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

/** A list lets this machine in only where it is on it. */
async function listedFinding(accessList: readonly string[], env: NodeJS.ProcessEnv): Promise<Finding> {
  if (accessList.length === 0)
    return missing(
      what,
      "listed, and database.accessList is empty: this machine will not come in",
      "Put its address there, or set database.reach to temporary or fly.",
    );
  const listed = accessList.join(", ");
  try {
    const { atlasApiOf, ownAddress } =
      require("../../../infra/drivers/atlas-api") as typeof import("../../../infra/drivers/atlas-api");
    const address = await ownAddress(atlasApiOf(env), env, { signal: AbortSignal.timeout(patienceMs) });
    if (isAmong(accessList, address))
      return ok(what, `listed: this machine, ${address}, is let in by database.accessList (${listed})`);
    return missing(
      what,
      `listed, and this machine, ${address}, is not in database.accessList (${listed}): it will not come in`,
      `Add ${address}/32 there, deploy from a machine that is, or set database.reach to temporary, or to fly: a machine of the app goes there then.`,
    );
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    const why = error.message.split("\n")[0] ?? "";
    return warning(what, `listed (${listed}); whether this machine is among them: ${why}`, error.remedy);
  }
}

function addressFinding({ MONGODB_URI: uri }: NodeJS.ProcessEnv): Finding {
  if (uri) return ok("MONGODB_URI", "is in the environment");
  return warning(
    "MONGODB_URI",
    "is not in the environment",
    "Whoever runs `up` sets it to the database's address, with user and password.",
  );
}
