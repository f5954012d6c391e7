import type { MachineConfig } from "../../infra/drivers/fly-api";
import { OperatorError } from "../../infra/support";
import type { FlyOptions } from "./options";

/** What a command may log in to the database as. */
export const runRoles = ["app", "migration", "backup"] as const;

export type RunRole = (typeof runRoles)[number];

const variable = "DND_RUN_URI";
/** A secret of the app stands above a variable of the machine: the command is told by a shell of its own. */
const shell = ["/bin/sh", "-c", `MONGODB_URI="$${variable}" exec "$@"`, "sh"];

/** The machine and the command of a run that logs in as a role, which the app's own machines never learn of. */
export async function asRole(
  role: RunRole | undefined,
  options: FlyOptions,
  { config, command }: { config: MachineConfig; command: string[] },
): Promise<{ config: MachineConfig; command: string[] }> {
  if (role === undefined) return { config, command };
  const { settingsNamed } = require("../stack-settings") as typeof import("../stack-settings");
  const { cloudLogin } = require("../cloud-address") as typeof import("../cloud-address");
  const settings = await settingsNamed(options);
  const uri = await cloudLogin(options, settings, role);
  if (uri === null) throw noDatabase(options.stack);
  const env = { ...config.env, MONGODB_DB_NAME: settings.database.name, [variable]: uri.reveal() };
  return { config: { ...config, env }, command: [...shell, ...command] };
}

function noDatabase(stack: string): OperatorError {
  return new OperatorError({
    code: "no-database-yet",
    kind: "usage",
    message: `the stack ${stack} has no cluster yet that a command could log in to`,
    remedy: `\`dnd up --stack ${stack}\` makes it.`,
  });
}
