import type { Progress } from "../support";

/** Sends progress to Pulumi's engine, where it shows for a moment on the line of the resource; a warning stays. */
export function engineLog(
  engineAddress: string | undefined,
): (urn: string, kind?: "progress" | "warning") => Progress {
  if (!engineAddress || !/:\d+$/.test(engineAddress)) return () => () => undefined;
  const grpc = require("@grpc/grpc-js") as typeof import("@grpc/grpc-js");
  const service =
    require("@pulumi/pulumi/proto/engine_grpc_pb") as typeof import("@pulumi/pulumi/proto/engine_grpc_pb");
  const messages =
    require("@pulumi/pulumi/proto/engine_pb") as typeof import("@pulumi/pulumi/proto/engine_pb");
  const client = new service.EngineClient(engineAddress, grpc.credentials.createInsecure());
  return (urn, kind = "progress") =>
    (message) => {
      const request = new messages.LogRequest();
      const { INFO, WARNING } = messages.LogSeverity;
      request.setSeverity(kind === "warning" ? WARNING : INFO);
      request.setMessage(message);
      request.setUrn(urn);
      request.setEphemeral(kind === "progress");
      client.log(request, () => undefined);
    };
}
