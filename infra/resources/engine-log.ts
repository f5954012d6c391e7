import type { Progress } from "../support";

/** Sends progress to Pulumi's engine, where it shows for a moment on the line of the resource. */
export function engineLog(engineAddress: string | undefined): (urn: string) => Progress {
  if (!engineAddress || !/:\d+$/.test(engineAddress)) return () => () => undefined;
  const grpc = require("@grpc/grpc-js") as typeof import("@grpc/grpc-js");
  const service =
    require("@pulumi/pulumi/proto/engine_grpc_pb") as typeof import("@pulumi/pulumi/proto/engine_grpc_pb");
  const messages =
    require("@pulumi/pulumi/proto/engine_pb") as typeof import("@pulumi/pulumi/proto/engine_pb");
  const client = new service.EngineClient(engineAddress, grpc.credentials.createInsecure());
  return (urn) => (message) => {
    const request = new messages.LogRequest();
    request.setSeverity(messages.LogSeverity.INFO);
    request.setMessage(message);
    request.setUrn(urn);
    request.setEphemeral(true);
    client.log(request, () => undefined);
  };
}
