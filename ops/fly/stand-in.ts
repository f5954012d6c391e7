import { once } from "node:events";
import { localFolder, messageOf, OperatorError } from "../../infra/support";
import { Interruption } from "../engine";
import { printResult, type Terminal } from "../terminal";
import type { FlyOptions } from "./options";
import { portsGiven, programs } from "./what-runs";

/** Serves Fly's API until it is interrupted; machines are processes of this computer, or on paper only. */
export async function standIn(options: FlyOptions, terminal: Terminal): Promise<number> {
  const { FlyStandIn, ProcessRuntime } = require("../../embedded/fly") as typeof import("../../embedded/fly");
  const folder = localFolder("fly-stand-in");
  const runtime = options.paper
    ? undefined
    : new ProcessRuntime({ folder, image: await programs(options, terminal) });
  const { rateLimits, replyMs, token, organization } = options;
  const fly = new FlyStandIn({
    rateLimits,
    replyMs,
    ...(runtime ? { runtime } : {}),
    edge: { port: portsGiven(options.appPort) },
    ...(token === undefined ? {} : { token }),
    ...(organization.length > 0 ? { organizations: organization } : {}),
  });
  const interruption = new Interruption(terminal.say);
  try {
    const url = await fly.listen(options.port).catch((error: unknown) => {
      throw portTaken(options.port, error);
    });
    printResult(terminal, { url }, () => toldOf(url));
    if (!interruption.signal.aborted) await once(interruption.signal, "abort");
    return 0;
  } finally {
    await fly.close();
    interruption.release();
  }
}

function toldOf(url: string): string {
  const places = ["FLY_FLAPS_BASE_URL", "FLY_API_BASE_URL", "FLY_UIEX_BASE_URL"];
  return [
    `Fly's API stands in at ${url} until Ctrl-C. For this project and for Fly's own tool:`,
    ...places.map((name) => `  export ${name}=${url}`),
    "  export FLY_API_TOKEN=stand-in",
    `An app's address is told by ${url}/stand-in/apps/NAME.`,
  ].join("\n");
}

function portTaken(port: number, cause: unknown): OperatorError {
  return new OperatorError({
    code: "stand-in-port",
    message: `the stand-in cannot listen on port ${port}: ${messageOf(cause)}`,
    remedy: "Stop what listens there, or choose another with --port; 0 lets the system choose.",
    cause,
  });
}
