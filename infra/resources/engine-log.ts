import type { Progress } from "../support";

/** What a resource has to say: progress shows for a moment on its line, a report stays. */
export interface EngineLog {
  progress: Progress;
  report(message: string): Promise<void>;
}

/** Says it to Pulumi's engine. */
export function engineLog(engineAddress: string | undefined): (urn: string) => EngineLog {
  if (!engineAddress || !/:\d+$/.test(engineAddress)) return () => silentLog;
  const grpc = require("@grpc/grpc-js") as typeof import("@grpc/grpc-js");
  const service =
    require("@pulumi/pulumi/proto/engine_grpc_pb") as typeof import("@pulumi/pulumi/proto/engine_grpc_pb");
  const messages =
    require("@pulumi/pulumi/proto/engine_pb") as typeof import("@pulumi/pulumi/proto/engine_pb");
  const client = new service.EngineClient(engineAddress, grpc.credentials.createInsecure());
  const say = (urn: string, message: string, ephemeral: boolean): Promise<void> => {
    const request = new messages.LogRequest();
    request.setSeverity(messages.LogSeverity.INFO);
    request.setMessage(message);
    request.setUrn(urn);
    request.setEphemeral(ephemeral);
    // An engine that hears no more has ended: nobody is left who would want to know.
    return new Promise((resolve) => client.log(request, () => resolve()));
  };
  return (urn) => ({
    progress: (message) => void say(urn, message, true),
    report: (message) => say(urn, message, false),
  });
}

const silentLog: EngineLog = { progress: () => undefined, report: async () => undefined };
