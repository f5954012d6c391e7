import * as grpc from "@grpc/grpc-js";
import { EngineService, type IEngineServer } from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as engine from "@pulumi/pulumi/proto/engine_pb";
import { ResourceMonitorService, type IResourceMonitorServer } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/resource_pb";
import { CheckFailure } from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Properties } from "../deployment";
import { fromStruct, toStruct } from "../values";
import { callFunction } from "./functions";
import { goalOf, readGoalOf } from "./goal";
import { readResource } from "./read";
import { register } from "./register";
import { ToldError, type Run } from "./run";
import { isSentHome } from "./sent-home";

/** What the program may ask for; whatever is missing here the SDK does without or refuses by itself. */
const features = new Set([
  "secrets",
  "resourceReferences",
  "aliasSpecs",
  "deletedWith",
  "replaceWith",
  "resourceHooks",
  "errorHooks",
]);
const severities = ["debug", "info", "warning", "error"] as const;

/** The two services that a program and its providers talk to. */
export class Monitor {
  readonly #server = new grpc.Server({
    "grpc.max_receive_message_length": 400 * 1024 * 1024,
    "grpc.max_send_message_length": 400 * 1024 * 1024,
  });
  #run: Run | undefined;
  #served!: () => void;
  readonly #serving = new Promise<void>((resolve) => (this.#served = resolve));
  #rootUrn = "";
  #busy = 0;
  #idle: (() => void)[] = [];
  address = "";
  closed = false;
  /** The outputs of the stack, as the program registered them last. */
  stackOutputs: Properties | undefined;
  /** What follows when the program has come to its end by itself; its hooks can still be called. */
  onEnd: () => Promise<void> = () => Promise.resolve();

  static async listen(): Promise<Monitor> {
    const monitor = new Monitor();
    monitor.#server.addService(ResourceMonitorService, monitor.#monitorService());
    monitor.#server.addService(EngineService, monitor.#engineService());
    const port = await new Promise<number>((resolve, reject) => {
      monitor.#server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    monitor.address = `127.0.0.1:${port}`;
    return monitor;
  }

  /** The program may have been started before: what it asked for is answered from now on. */
  serve(run: Run): void {
    this.#run = run;
    this.#served();
  }

  /** Resolves when nothing that the program asked for is under way any more, or nobody listens any more. */
  async settled(): Promise<void> {
    if (this.#busy > 0 && !this.closed) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  close(): void {
    this.closed = true;
    this.#server.forceShutdown();
    this.#idle.splice(0).forEach((resume) => resume());
  }

  get #current(): Run {
    if (!this.#run) throw new Error("the engine is not ready yet");
    return this.#run;
  }

  /** A failure was told already: the SDK is only sent home, for it would print every resource otherwise. */
  #unary<Request, Response>(
    work: (request: Request) => Promise<Response>,
  ): grpc.handleUnaryCall<Request, Response> {
    return (call, callback) => {
      this.#busy++;
      this.#serving
        .then(() => work(call.request))
        .then((response) => callback(null, response))
        .catch((error: unknown) => {
          const told = error instanceof ToldError ? error : this.#current.fail(error);
          callback({ code: grpc.status.UNAVAILABLE, details: told.message });
        })
        .finally(() => {
          this.#busy--;
          if (this.#busy === 0) this.#idle.splice(0).forEach((resume) => resume());
        });
    };
  }

  #monitorService(): IResourceMonitorServer {
    const served: Partial<Record<keyof IResourceMonitorServer, grpc.UntypedHandleCall>> = {
      supportsFeature: this.#unary((request: messages.SupportsFeatureRequest) =>
        Promise.resolve(new messages.SupportsFeatureResponse().setHassupport(features.has(request.getId()))),
      ),
      registerResource: this.#unary((request: messages.RegisterResourceRequest) => this.#register(request)),
      registerResourceOutputs: this.#unary((request: messages.RegisterResourceOutputsRequest) =>
        this.#registerOutputs(request),
      ),
      readResource: this.#unary((request: messages.ReadResourceRequest) => this.#read(request)),
      invoke: this.#unary((request: messages.ResourceInvokeRequest) => this.#invoke(request)),
      registerResourceHook: this.#unary((request: messages.RegisterResourceHookRequest) =>
        this.#registerHook(request),
      ),
      registerErrorHook: this.#unary((request: messages.RegisterErrorHookRequest) =>
        this.#registerHook(request),
      ),
      registerPackage: this.#unary((request: messages.RegisterPackageRequest) =>
        this.#registerPackage(request),
      ),
      signalAndWaitForShutdown: this.#unary(() => this.#signal()),
    };
    return refusingTheRest(ResourceMonitorService, served) as unknown as IResourceMonitorServer;
  }

  #engineService(): IEngineServer {
    const served: Partial<Record<keyof IEngineServer, grpc.UntypedHandleCall>> = {
      log: this.#unary((request: engine.LogRequest) => this.#log(request)),
      getRootResource: this.#unary(() =>
        Promise.resolve(new engine.GetRootResourceResponse().setUrn(this.#rootUrn)),
      ),
      setRootResource: this.#unary((request: engine.SetRootResourceRequest) => {
        this.#rootUrn = request.getUrn();
        return Promise.resolve(new engine.SetRootResourceResponse());
      }),
      requirePulumiVersion: this.#unary(() => Promise.resolve(new engine.RequirePulumiVersionResponse())),
    };
    return refusingTheRest(EngineService, served) as unknown as IEngineServer;
  }

  async #register(request: messages.RegisterResourceRequest): Promise<messages.RegisterResourceResponse> {
    const run = this.#current;
    if (request.getRemote())
      throw run.fail(needsCli(`${request.getType()} is a component of another language`));
    if (request.getTransformsList().length > 0) throw run.fail(needsCli("transforms"));
    if (request.getStateMigrationsList().length > 0) throw run.fail(needsCli("state migrations"));
    const state = await register(run, goalOf(request));
    return new messages.RegisterResourceResponse()
      .setUrn(state.urn)
      .setId(state.id ?? "")
      .setObject(toStruct(state.outputs))
      .setResult(messages.Result.SUCCESS);
  }

  async #registerOutputs(request: messages.RegisterResourceOutputsRequest): Promise<Empty> {
    const { book } = this.#current.parts;
    const outputs = fromStruct(request.getOutputs());
    const state = book.news.get(request.getUrn());
    if (!state) return new Empty();
    if (state.type === "pulumi:pulumi:Stack") {
      this.stackOutputs = outputs;
      return new Empty();
    }
    if (JSON.stringify(state.outputs) === JSON.stringify(outputs)) return new Empty();
    state.outputs = outputs;
    book.touch();
    return new Empty();
  }

  async #read(request: messages.ReadResourceRequest): Promise<messages.ReadResourceResponse> {
    const { urn, outputs } = await readResource(this.#current, readGoalOf(request));
    return new messages.ReadResourceResponse()
      .setUrn(urn)
      .setProperties(toStruct(outputs))
      .setResult(messages.Result.SUCCESS);
  }

  async #invoke(request: messages.ResourceInvokeRequest): Promise<messages.ResourceInvokeResponse> {
    const { result, failures } = await callFunction(this.#current, request);
    const response = new messages.ResourceInvokeResponse().setFailuresList(
      failures.map((reason) => new CheckFailure().setReason(reason)),
    );
    return response.setReturn(toStruct(result ?? {})).setUnknown(result === undefined);
  }

  async #registerHook(
    request: messages.RegisterResourceHookRequest | messages.RegisterErrorHookRequest,
  ): Promise<Empty> {
    const callback = request.getCallback();
    if (!callback) throw new Error("a hook without a callback");
    const options =
      request instanceof messages.RegisterResourceHookRequest
        ? { onDryRun: request.getOnDryRun(), ignoreErrors: request.getIgnoreErrors() }
        : { onDryRun: false, ignoreErrors: false };
    this.#current.parts.hooks.register(request.getName(), { callback, ...options });
    return new Empty();
  }

  #registerPackage(request: messages.RegisterPackageRequest): Promise<messages.RegisterPackageResponse> {
    if (request.getParameterization())
      throw this.#current.fail(needsCli(`the parameterized package ${request.getName()}`));
    return Promise.resolve(
      new messages.RegisterPackageResponse().setRef(`${request.getName()}@${request.getVersion()}`),
    );
  }

  async #signal(): Promise<Empty> {
    await this.onEnd();
    return new Empty();
  }

  async #log(request: engine.LogRequest): Promise<Empty> {
    const urn = request.getUrn();
    // What has failed was told when it did.
    if (this.#current.failed && isSentHome(request.getMessage())) return new Empty();
    this.#current.parts.onEvent({
      kind: "diagnostic",
      severity: severities[request.getSeverity()] ?? "info",
      message: request.getMessage(),
      ...(urn && urn !== this.#rootUrn ? { urn } : {}),
      ...(request.getEphemeral() ? { ephemeral: true } : {}),
    });
    if (request.getSeverity() === engine.LogSeverity.ERROR) this.#current.refuse();
    return new Empty();
  }
}

function needsCli(what: string): Error {
  return new Error(
    `${what}: the embedded engine does not do this; run it with the Pulumi CLI (\`--engine pulumi\`)`,
  );
}

/** Methods that are not served answer as a server that never heard of them. */
function refusingTheRest(
  service: object,
  served: Record<string, grpc.UntypedHandleCall | undefined>,
): Record<string, grpc.UntypedHandleCall> {
  const refuse: grpc.handleUnaryCall<unknown, unknown> = (_call, callback) =>
    callback({ code: grpc.status.UNIMPLEMENTED, details: "not served by the embedded engine" });
  return Object.fromEntries(Object.keys(service).map((name) => [name, served[name] ?? refuse]));
}
