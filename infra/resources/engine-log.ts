import type { Progress } from "../support";

/** What a resource has to say: progress shows for a moment on its line, a warning or a report stays. */
export interface EngineLog {
  progress: Progress;
  warn: Progress;
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
  const say = (urn: string, message: string, { warning = false, stays = true } = {}): Promise<void> => {
    const request = new messages.LogRequest();
    const { INFO, WARNING } = messages.LogSeverity;
    request.setSeverity(warning ? WARNING : INFO);
    request.setMessage(message);
    request.setUrn(urn);
    request.setEphemeral(!stays);
    // An engine that hears no more has ended: nobody is left who would want to know.
    return new Promise((resolve) => client.log(request, () => resolve()));
  };
  return (urn) => ({
    progress: (message) => void say(urn, message, { stays: false }),
    warn: (message) => void say(urn, message, { warning: true }),
    report: (message) => say(urn, message),
  });
}

const silentLog: EngineLog = {
  progress: () => undefined,
  warn: () => undefined,
  report: async () => undefined,
};
