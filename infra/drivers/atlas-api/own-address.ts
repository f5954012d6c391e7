import { isIPv4 } from "node:net";
import { OperatorError } from "../../support";
import type { AtlasApi, CallOptions } from "./contract";
import { AtlasError } from "./errors";

/** The address that this machine is seen at: DND_OWN_ADDRESS where it is set, else what Atlas says. */
export async function ownAddress(
  api: AtlasApi,
  environment: NodeJS.ProcessEnv,
  options?: CallOptions,
): Promise<string> {
  const set = environment.DND_OWN_ADDRESS;
  if (set) {
    if (isIPv4(set)) return set;
    throw new OperatorError({
      code: "own-address",
      message: `DND_OWN_ADDRESS is ${set}, which is no IPv4 address`,
      remedy: "Set it to the public address of this machine, such as 203.0.113.7.",
      kind: "usage",
    });
  }
  try {
    return await api.callerAddress(options);
  } catch (error) {
    if (!(error instanceof AtlasError)) throw error;
    throw new OperatorError({
      code: "own-address",
      message: `it is not known at which address others see this machine: ${error.message}`,
      remedy: "Set DND_OWN_ADDRESS to the public address of this machine.",
      cause: error,
    });
  }
}
