import * as grpc from "@grpc/grpc-js";
import { CallbacksClient } from "@pulumi/pulumi/proto/callback_grpc_pb";
import { CallbackInvokeRequest, type Callback } from "@pulumi/pulumi/proto/callback_pb";
import {
  ErrorHookRequest,
  ErrorHookResponse,
  ResourceHookRequest,
  ResourceHookResponse,
} from "@pulumi/pulumi/proto/resource_pb";
import type { ResourceState } from "../deployment";
import { toStruct } from "../values";
import type { Run } from "./run";
import { partsOf } from "./urn";

interface Hook {
  callback: Callback;
  onDryRun: boolean;
  ignoreErrors: boolean;
}

interface Occasion {
  run: Run;
  next?: ResourceState | undefined;
  old?: ResourceState | undefined;
}

/** The program's own functions that run around a resource's steps. */
export class Hooks {
  readonly #hooks = new Map<string, Hook>();
  readonly #clients = new Map<string, CallbacksClient>();

  register(name: string, hook: Hook): void {
    if (this.#hooks.has(name)) throw new Error(`resource hook already registered for name "${name}"`);
    this.#hooks.set(name, hook);
  }

  /** Runs the hooks that a resource binds to an occasion, one after the other. */
  async run(occasion: string, { run, next, old }: Occasion): Promise<void> {
    const state = next ?? old;
    for (const name of state?.resourceHooks?.[occasion] ?? []) {
      const hook = this.#hooks.get(name);
      if (!hook) throw new Error(`resource hook "${name}" was not registered`);
      if (!state || (run.dryRun && !hook.onDryRun)) continue;
      const error = await this.#call(hook, requestOf(state, next, old));
      if (!error) continue;
      if (!hook.ignoreErrors) throw new Error(`${timeOf(occasion)} hook "${name}" failed: ${error}`);
      run.say("warning", `${timeOf(occasion)} hook "${name}" failed: ${error}`, state.urn);
    }
  }

  /** Tells all hooks for errors of a failed step; whether one of them wants it tried again. */
  async wantsRetry(operation: string, errors: readonly string[], { next, old }: Occasion): Promise<boolean> {
    const state = next ?? old;
    let retry = false;
    for (const name of state?.resourceHooks?.OnError ?? []) {
      const hook = this.#hooks.get(name);
      if (!hook) throw new Error(`error hook "${name}" was not registered`);
      if (!state) continue;
      const { name: resource, type } = partsOf(state.urn);
      const request = new ErrorHookRequest()
        .setUrn(state.urn)
        .setId(state.id ?? "")
        .setName(resource)
        .setType(type);
      request.setFailedOperation(operation).setErrorsList([...errors]);
      if (next) request.setNewInputs(toStruct(next.inputs));
      if (old) request.setOldInputs(toStruct(old.inputs)).setOldOutputs(toStruct(old.outputs));
      const response = ErrorHookResponse.deserializeBinary(
        await this.#invoke(hook.callback, request.serializeBinary()),
      );
      if (response.getError()) throw new Error(`error hook "${name}" failed: ${response.getError()}`);
      retry ||= response.getRetry();
    }
    return retry;
  }

  close(): void {
    for (const client of this.#clients.values()) client.close();
  }

  async #call(hook: Hook, request: ResourceHookRequest): Promise<string> {
    const answer = await this.#invoke(hook.callback, request.serializeBinary());
    return ResourceHookResponse.deserializeBinary(answer).getError();
  }

  #invoke(callback: Callback, bytes: Uint8Array): Promise<Uint8Array> {
    const request = new CallbackInvokeRequest().setToken(callback.getToken()).setRequest(bytes);
    const client = this.#client(callback.getTarget());
    return new Promise((resolve, reject) => {
      client.invoke(request, (error, response) =>
        error ? reject(new Error(error.details)) : resolve(response.getResponse_asU8()),
      );
    });
  }

  #client(target: string): CallbacksClient {
    const known = this.#clients.get(target);
    if (known) return known;
    const client = new CallbacksClient(target, grpc.credentials.createInsecure());
    this.#clients.set(target, client);
    return client;
  }
}

function requestOf(
  state: ResourceState,
  next: ResourceState | undefined,
  old: ResourceState | undefined,
): ResourceHookRequest {
  const { name, type } = partsOf(state.urn);
  const request = new ResourceHookRequest()
    .setUrn(state.urn)
    .setId(state.id ?? "")
    .setName(name)
    .setType(type);
  if (next) request.setNewInputs(toStruct(next.inputs)).setNewOutputs(toStruct(next.outputs));
  if (old) request.setOldInputs(toStruct(old.inputs)).setOldOutputs(toStruct(old.outputs));
  return request;
}

/** "BeforeCreate" as Pulumi says it: "before". */
function timeOf(occasion: string): string {
  return occasion.startsWith("Before") ? "before" : "after";
}
