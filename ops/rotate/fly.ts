import { openFlyApi, flyEnvironment } from "../../infra/drivers/fly-api";
import { OperatorError, type Secret } from "../../infra/support";
import type { RotateContext, Rotator } from "./context";
import { beginRotation, dropRotation, endRotation, markOf } from "./journal";
import { newSecret } from "./new-secret";

const variable = "FLY_API_TOKEN_NEW";

/** The token that this project talks to Fly with; it is kept where the operator keeps it, and only proven here. */
export const fly: Rotator = {
  async begin(context) {
    const token = await newSecret(variable, "token for Fly", context.terminal);
    const mark = markOf(token);
    const { token: before } = flyEnvironment(process.env);
    if (mark === markOf(before)) throw same();
    await prove(token, context);
    await prove(before, context);
    if (context.open && context.open.mark !== mark) await dropRotation(context.ops, context.open);
    if (context.open?.mark !== mark) await beginRotation(context.ops, { secret: "fly", mark });
    return {
      state: "overlap",
      done: `both tokens see the machines of ${context.settings.app.name}`,
      next: "Put the new one into FLY_API_TOKEN wherever it is kept (CI, the environment of Pulumi, this computer), then `dnd ops rotate fly --finish`.",
    };
  },
  async finish(context) {
    const { token } = flyEnvironment(process.env);
    if (markOf(token) !== context.open.mark) throw stillOld();
    await prove(token, context);
    await endRotation(context.ops, context.open);
    return {
      state: "done",
      done: "FLY_API_TOKEN is the new one, and it works",
      next: "End the old one: `fly tokens list` names it, `fly tokens revoke ID` ends it.",
    };
  },
};

/** Reads what every command reads: a token that cannot is none of ours. */
async function prove(token: Secret, { settings }: RotateContext): Promise<void> {
  const { baseUrl, platformUrl } = flyEnvironment(process.env);
  const api = openFlyApi({
    token,
    ...(baseUrl && { baseUrl }),
    ...(platformUrl && { platformUrl }),
    attempts: 2,
  });
  await api.machines.list(settings.app.name, { signal: AbortSignal.timeout(20_000) });
}

function same(): OperatorError {
  return new OperatorError({
    code: "rotation-same-secret",
    kind: "usage",
    message: `${variable} is the token that is in use`,
    remedy: "Make a new one with `fly tokens create deploy`.",
  });
}

function stillOld(): OperatorError {
  return new OperatorError({
    code: "rotation-not-in-use",
    kind: "refused",
    message: "FLY_API_TOKEN is not the token that was proven",
    remedy: `Set it to the new one, or begin again with ${variable}.`,
  });
}
