import { atDatabase } from "../../infra/drivers/mongo";
import { OperatorError } from "../../infra/support";
import { chosenDatabase } from "../chosen-database";
import { localStackName } from "../local-stack";
import type { DatabaseOptions } from "../named-database";
import { confirm, printResult, type Terminal } from "../terminal";
import type { RotateContext, Rotated, Rotator } from "./context";
import { nameIn, openRotation, type Rotation } from "./journal";
import type { SecretName } from "./secret-names";

export { knownAges } from "./ages";
export { secretNames, type SecretName } from "./secret-names";

export interface RotateOptions extends DatabaseOptions {
  secret?: SecretName;
  finish?: boolean;
  recipient?: string[];
  channel?: string;
}

/** Changes a secret in two steps: the new one works beside the old one, then the old one is given up. */
export async function rotate(options: RotateOptions, terminal: Terminal): Promise<number> {
  const { secret = "database", finish = false } = options;
  const { address, settings } = await chosenDatabase(options);
  if (!address || !settings) throw noStack(options.stack);
  return atDatabase(address, "migration", { appName: "dnd-rotation" }, async ({ ops }) => {
    const name = secret === "webhooks" ? nameIn(secret, options.channel) : secret;
    const context: RotateContext = {
      ...{ stack: options.stack, settings, address, ops, terminal, yes: options.yes },
      open: await openRotation(ops, name),
      recipients: options.recipient ?? [],
      channel: options.channel,
    };
    const rotator = rotatorOf(secret, context);
    const rotated = finish ? await finishIt(rotator, context, options) : await rotator.begin(context);
    printResult(terminal, { secret, ...rotated }, () => rotatedText(secret, rotated));
    return 0;
  });
}

async function finishIt(
  rotator: Rotator,
  context: RotateContext,
  { secret = "database" }: RotateOptions,
): Promise<Rotated> {
  const { open, stack, terminal, yes } = context;
  if (!open) throw nothingOpen(secret);
  await confirm(terminal, {
    action: `give up the ${secret} of before`,
    loss: `Whoever still uses the old one, in use until ${describe(open)}, can do so no more.`,
    ...(stack === localStackName ? {} : { word: stack }),
    yes,
  });
  return rotator.finish({ ...context, open });
}

function rotatorOf(secret: SecretName, { stack, settings }: RotateContext): Rotator {
  if (secret === "fly") return (require("./fly") as typeof import("./fly")).fly;
  if (secret === "webhooks") return (require("./webhooks") as typeof import("./webhooks")).webhooks;
  if (secret === "backup-key") return (require("./backup-key") as typeof import("./backup-key")).backupKey;
  if (stack === localStackName)
    return (require("./local-database") as typeof import("./local-database")).localDatabase;
  if (settings.database.kind === "atlas")
    return (require("./atlas-database") as typeof import("./atlas-database")).atlasDatabase;
  throw foreignDatabase(stack);
}

function describe({ startedAt, by }: Rotation): string {
  return `the rotation that ${by} began at ${startedAt.toISOString()}`;
}

function rotatedText(secret: SecretName, { state, done, next }: Rotated): string {
  const title = state === "overlap" ? "both work" : "the new one alone works";
  return [`${secret}: ${title}; ${done}.`, ...(next === null ? [] : [next])].join("\n");
}

function nothingOpen(secret: SecretName): OperatorError {
  return new OperatorError({
    code: "rotation-not-begun",
    kind: "refused",
    message: `no rotation of ${secret} is open`,
    remedy: `\`dnd ops rotate ${secret}\` begins one.`,
  });
}

function noStack(stack: string): OperatorError {
  return new OperatorError({
    code: "rotation-no-stack",
    kind: "refused",
    message: `secrets belong to a stack, and ${stack} has no database yet or another one was named`,
    remedy: "Name the stack with --stack and leave out --uri; `dnd up` makes its database.",
  });
}

function foreignDatabase(stack: string): OperatorError {
  return new OperatorError({
    code: "rotation-foreign-database",
    kind: "refused",
    message: `the users of the stack ${stack}'s database are made elsewhere: its address stands in MONGODB_URI`,
    remedy:
      "Make the new user where the old one was made, set MONGODB_URI anew, `dnd up`, then drop the old one.",
  });
}
