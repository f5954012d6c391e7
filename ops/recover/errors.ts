import type { Recovery } from "../../infra/engines/release";
import { OperatorError } from "../../infra/support";

export function otherRecovery({ archive, by, startedAt }: Recovery, stack: string): OperatorError {
  return new OperatorError({
    code: "recovery-open",
    kind: "refused",
    message: `${by} has begun a recovery from ${archive} at ${startedAt.toISOString()}, which is not done`,
    remedy: `\`dnd recover --stack ${stack}\` goes on with it, \`dnd recover --give-up --stack ${stack}\` ends it.`,
  });
}

export function noOpenRecovery(stack: string): OperatorError {
  return new OperatorError({
    code: "recovery-none",
    kind: "refused",
    message: `no recovery of the stack ${stack} goes on`,
    remedy: "`dnd recover --backup ID` begins one.",
  });
}

export function alreadyServes(stack: string, release: number): OperatorError {
  return new OperatorError({
    code: "recovery-not-nothing",
    kind: "refused",
    message: `the stack ${stack} is not nothing: release ${release} has ended well there`,
    remedy: `\`dnd recover --backup ID --stack ${stack}\` brings data back into a stack that there is.`,
  });
}

export function noArchive(store: string, what: string): OperatorError {
  return new OperatorError({
    code: "recovery-no-archive",
    kind: "refused",
    message: `${store} has no good archive of ${what}`,
    remedy: "Name another store with --store, or an archive of it with --backup.",
  });
}
