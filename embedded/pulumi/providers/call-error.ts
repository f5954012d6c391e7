import * as grpc from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import type { Properties } from "../deployment";
import { fromStruct } from "../values";

/** A provider refused or failed a call; its own words are the message. */
export class ProviderError extends Error {}

/** The provider is gone in the middle of a call: whether the call had an effect, nobody knows. */
export class ProviderGoneError extends ProviderError {}

/** The resource exists, but it is not what it should be: it is kept, with the reasons. */
export class InitializationError extends ProviderError {
  constructor(
    message: string,
    readonly id: string,
    public outputs: Properties,
    readonly inputs: Properties | undefined,
    readonly reasons: string[],
  ) {
    super(message);
  }
}

export function callError(provider: string, error: grpc.ServiceError): ProviderError {
  if (error.code === grpc.status.UNAVAILABLE || error.code === grpc.status.CANCELLED) {
    return new ProviderGoneError(`the provider ${provider} ended in the middle of a call: ${error.details}`);
  }
  const [packed] = error.metadata.get("grpc-status-details-bin");
  const failed = packed instanceof Buffer ? initializationOf(packed) : undefined;
  if (!failed) return new ProviderError(error.details);
  const inputs = failed.getInputs();
  return new InitializationError(
    error.details,
    failed.getId(),
    fromStruct(failed.getProperties()),
    inputs ? fromStruct(inputs) : undefined,
    failed.getReasonsList(),
  );
}

function initializationOf(packed: Buffer): ErrorResourceInitFailed | undefined {
  for (const detail of Status.deserializeBinary(packed).getDetailsList()) {
    if (detail.getTypeName() === "pulumirpc.ErrorResourceInitFailed") {
      return ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
    }
  }
  return undefined;
}
