import type { ResourceInvokeRequest } from "@pulumi/pulumi/proto/resource_pb";
import type { Properties } from "../deployment";
import { fromStruct, holdsUnknown } from "../values";
import type { Run } from "./run";

/** The answer of a function; undefined result when it cannot be known in a preview. */
export interface FunctionAnswer {
  result: Properties | undefined;
  failures: string[];
}

/** Calls a function of a provider for the program. */
export async function callFunction(run: Run, request: ResourceInvokeRequest): Promise<FunctionAnswer> {
  const token = request.getTok();
  const args = fromStruct(request.getArgs());
  if (token === "pulumi:pulumi:getResource") return { result: resourceOf(run, args), failures: [] };
  if (holdsUnknown(args)) return { result: undefined, failures: [] };
  const provider = await run.providers.forFunction({
    type: token,
    custom: true,
    provider: request.getProvider(),
    version: request.getVersion(),
    pluginDownloadUrl: request.getPlugindownloadurl(),
  });
  return provider.invoke(token, args);
}

function resourceOf(run: Run, args: Properties): Properties {
  const urn = String(args.urn);
  const state = run.parts.book.news.get(urn);
  if (!state) throw new Error(`unknown resource ${urn}`);
  return { urn, id: state.id ?? "", state: state.outputs };
}
