import * as grpc from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import type { Cloud, Deed, Fault, Kind, Properties } from "./cloud";
import { DeclaredTypes, type DeclaredResource } from "./declared-types";
import { misfitsOf, unknownValue } from "./shape";

interface Kept {
  type: string;
  inputs: Properties;
  outputs: Properties;
}

type Work<Request, Response> = (request: Request) => Response | Promise<Response>;

/** A resource provider over the SDK's own protocol, for a cloud that is played; attached by PULUMI_DEBUG_PROVIDERS. */
export class PluginStandIn {
  readonly deeds: Deed[] = [];
  readonly #faults: Fault[] = [];
  readonly #kept = new Map<string, Kept>();
  readonly #server = new grpc.Server();
  readonly #types: DeclaredTypes;
  #cancelled = new AbortController();
  port = 0;

  private constructor(private readonly cloud: Cloud) {
    this.#types = new DeclaredTypes(cloud.npmPackage);
  }

  static async open(cloud: Cloud): Promise<PluginStandIn> {
    const plugin = new PluginStandIn(cloud);
    plugin.#server.addService(ResourceProviderService, plugin.#service());
    plugin.port = await new Promise<number>((resolve, reject) => {
      const credentials = grpc.ServerCredentials.createInsecure();
      plugin.#server.bindAsync("127.0.0.1:0", credentials, (error, port) =>
        error ? reject(error) : resolve(port),
      );
    });
    return plugin;
  }

  fail(fault: Fault): void {
    this.#faults.push(fault);
  }

  /** Whatever was to fail and was not met will not. */
  forgive(): void {
    this.#faults.length = 0;
  }

  /** What there is, of a type. */
  things(type: string): Properties[] {
    return [...this.#kept.values()].filter((one) => one.type === type).map(({ outputs }) => outputs);
  }

  close(): void {
    this.#server.forceShutdown();
  }

  #service(): grpc.UntypedServiceImplementation {
    const nothing = () => new Empty();
    const own: grpc.UntypedServiceImplementation = {
      getPluginInfo: answering(() => new PluginInfo().setVersion("0.0.0")),
      attach: answering(nothing),
      cancel: answering(() => this.#cancel()),
      checkConfig: answering((request: pb.CheckRequest) =>
        new pb.CheckResponse().setInputs(request.getNews()),
      ),
      diffConfig: answering(() => new pb.DiffResponse().setChanges(pb.DiffResponse.DiffChanges.DIFF_NONE)),
      configure: answering(() => new pb.ConfigureResponse().setSupportspreview(true)),
      check: answering((request: pb.CheckRequest) => this.#check(request)),
      diff: answering((request: pb.DiffRequest) => this.#diff(request)),
      create: answering((request: pb.CreateRequest) => this.#create(request)),
      update: answering((request: pb.UpdateRequest) => this.#update(request)),
      read: answering((request: pb.ReadRequest) => this.#read(request)),
      delete: answering((request: pb.DeleteRequest) => this.#delete(request)),
      invoke: answering((request: pb.InvokeRequest) => this.#invoke(request)),
    };
    const missing: grpc.handleUnaryCall<unknown, unknown> = (_call, done) =>
      done({ code: grpc.status.UNIMPLEMENTED });
    const rest = Object.keys(ResourceProviderService).map((name) => [name, own[name] ?? missing] as const);
    return Object.fromEntries(rest);
  }

  /** Who is served after this is another engine. */
  #cancel(): Empty {
    this.#cancelled.abort();
    this.#cancelled = new AbortController();
    return new Empty();
  }

  #check(request: pb.CheckRequest): pb.CheckResponse {
    const type = typeOf(request.getUrn());
    const declared = this.#types.resource(type);
    const response = new pb.CheckResponse().setInputs(request.getNews());
    if (!declared || !this.cloud.kinds[type])
      return (response.addFailures(failure("", `there is no ${type} in this cloud`)), response);
    for (const { property, reason } of misfitsOf(fromStruct(request.getNews()), declared.inputs, ""))
      response.addFailures(failure(property, `${property} ${reason}`));
    return response;
  }

  #diff(request: pb.DiffRequest): pb.DiffResponse {
    const olds = fromStruct(request.getOldInputs());
    const news = fromStruct(request.getNews());
    const ignored = request.getIgnorechangesList();
    const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])];
    const changed = names.filter(
      (name) => !ignored.includes(name) && sorted(olds[name]) !== sorted(news[name]),
    );
    const { identity = [] } = this.#kind(typeOf(request.getUrn()));
    const replaces = changed.filter((name) => identity.includes(name));
    const { DIFF_NONE, DIFF_SOME } = pb.DiffResponse.DiffChanges;
    const response = new pb.DiffResponse().setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE);
    response
      .setDiffsList(changed)
      .setReplacesList(replaces)
      .setDeletebeforereplace(replaces.length > 0);
    response.setHasdetaileddiff(true);
    for (const name of changed)
      response.getDetaileddiffMap().set(name, detailOf(name in olds, name in news, replaces.includes(name)));
    return response;
  }

  async #create(request: pb.CreateRequest): Promise<pb.CreateResponse> {
    const type = typeOf(request.getUrn());
    const inputs = fromStruct(request.getProperties());
    if (request.getPreview()) {
      const unknown = Object.fromEntries(this.#declared(type).outputs.map((name) => [name, unknownValue]));
      return new pb.CreateResponse().setProperties(toStruct({ ...unknown, ...inputs }));
    }
    this.#meetFault("create", type);
    const made = (await this.#kind(type).create?.(inputs, this.#cancelled.signal)) ?? {
      id: `${request.getName()}-id`,
    };
    const outputs = { ...inputs, ...made.outputs };
    this.#kept.set(keyOf(type, made.id), { type, inputs, outputs });
    this.deeds.push({ did: "create", type, id: made.id, inputs });
    return new pb.CreateResponse().setId(made.id).setProperties(toStruct(outputs));
  }

  async #update(request: pb.UpdateRequest): Promise<pb.UpdateResponse> {
    const type = typeOf(request.getUrn());
    const id = request.getId();
    const inputs = fromStruct(request.getNews());
    const before = fromStruct(request.getOlds());
    if (request.getPreview())
      return new pb.UpdateResponse().setProperties(toStruct({ ...before, ...inputs }));
    this.#meetFault("update", type);
    const known = this.#kept.get(keyOf(type, id));
    const computed = Object.entries(before).filter(([name]) => !(name in (known?.inputs ?? {})));
    const changed = await this.#kind(type).update?.(id, inputs, before);
    const outputs = { ...Object.fromEntries(computed), ...inputs, ...changed };
    this.#kept.set(keyOf(type, id), { type, inputs, outputs });
    this.deeds.push({ did: "update", type, id, inputs });
    return new pb.UpdateResponse().setProperties(toStruct(outputs));
  }

  async #read(request: pb.ReadRequest): Promise<pb.ReadResponse> {
    const type = typeOf(request.getUrn());
    const id = request.getId();
    const kept = this.#kept.get(keyOf(type, id));
    const found = kept ?? (await this.#kind(type).find?.(id));
    if (!found) return new pb.ReadResponse();
    const { inputs } = found;
    const outputs = { ...inputs, ...found.outputs };
    if (!kept) this.#kept.set(keyOf(type, id), { type, inputs, outputs });
    const response = new pb.ReadResponse().setId(id);
    return response.setInputs(toStruct(inputs)).setProperties(toStruct(outputs));
  }

  async #delete(request: pb.DeleteRequest): Promise<Empty> {
    const type = typeOf(request.getUrn());
    const id = request.getId();
    this.#meetFault("delete", type);
    await this.#kind(type).delete?.(id, fromStruct(request.getProperties()));
    this.#kept.delete(keyOf(type, id));
    this.deeds.push({ did: "delete", type, id, inputs: {} });
    return new Empty();
  }

  #invoke(request: pb.InvokeRequest): pb.InvokeResponse {
    const answer = this.cloud.functions[request.getTok()];
    if (!answer) throw new Error(`there is no function ${request.getTok()} in this cloud`);
    return new pb.InvokeResponse().setReturn(toStruct(answer(fromStruct(request.getArgs()))));
  }

  #kind(type: string): Kind {
    return this.cloud.kinds[type] ?? {};
  }

  #declared(type: string): DeclaredResource {
    const declared = this.#types.resource(type);
    if (!declared) throw new Error(`${this.cloud.npmPackage} declares no ${type}`);
    return declared;
  }

  #meetFault(did: Fault["did"], type: string): void {
    const at = this.#faults.findIndex((fault) => fault.did === did && fault.type === type);
    const [fault] = at < 0 ? [] : this.#faults.splice(at, 1);
    if (fault) throw new Error(fault.says);
  }
}

function answering<Request, Response>(
  work: Work<Request, Response>,
): grpc.handleUnaryCall<Request, Response> {
  return ({ request }, done) => {
    Promise.resolve()
      .then(() => work(request))
      .then(
        (response) => done(null, response),
        (error: Error) => done({ code: grpc.status.UNKNOWN, message: error.message }),
      );
  };
}

function failure(property: string, reason: string): pb.CheckFailure {
  return new pb.CheckFailure().setProperty(property).setReason(reason);
}

function detailOf(wasThere: boolean, isThere: boolean, replaces: boolean): pb.PropertyDiff {
  const { Kind } = pb.PropertyDiff;
  const [plain, replacing] = !wasThere
    ? [Kind.ADD, Kind.ADD_REPLACE]
    : isThere
      ? [Kind.UPDATE, Kind.UPDATE_REPLACE]
      : [Kind.DELETE, Kind.DELETE_REPLACE];
  return new pb.PropertyDiff().setKind(replaces ? replacing : plain).setInputdiff(true);
}

function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

function keyOf(type: string, id: string): string {
  return `${type} ${id}`;
}

/** Text that is the same for the same value. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function toStruct(properties: Properties): Struct {
  return Struct.fromJavaScript(properties as Parameters<typeof Struct.fromJavaScript>[0]);
}

function fromStruct(struct: Struct | undefined): Properties {
  return (struct?.toJavaScript() ?? {}) as Properties;
}
