import * as grpc from "@grpc/grpc-js";
import type { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Properties } from "../deployment";
import { fromStruct, markSecrets, toStruct, withoutReferences, withoutSecrets } from "../values";
import { callError, InitializationError } from "./call-error";
import { readDiff, type ProviderDiff } from "./provider-diff";

/** What every call about a resource says of it. */
export interface Subject {
  urn: string;
  name: string;
  type: string;
}

interface Abilities {
  acceptsSecrets: boolean;
  acceptsReferences: boolean;
  previews: boolean;
}

/** A running provider, spoken to in plain properties: what it cannot take is opened before and marked again after. */
export class Provider {
  #abilities: Abilities = { acceptsSecrets: false, acceptsReferences: false, previews: false };
  readonly #calls = new Set<grpc.ClientUnaryCall>();

  constructor(
    readonly name: string,
    private readonly client: ResourceProviderClient,
  ) {}

  get previews(): boolean {
    return this.#abilities.previews;
  }

  async checkConfig(
    subject: Subject,
    olds: Properties,
    news: Properties,
  ): Promise<{ inputs: Properties; failures: string[] }> {
    const request = new messages.CheckRequest()
      .setUrn(subject.urn)
      .setName(subject.name)
      .setType(subject.type);
    request.setOlds(toStruct(olds)).setNews(toStruct(news));
    const response = await this.#optional<messages.CheckResponse>((done) =>
      this.client.checkConfig(request, done),
    );
    return response ? readCheck(response, news) : { inputs: news, failures: [] };
  }

  async diffConfig(subject: Subject, id: string, olds: Properties, news: Properties): Promise<ProviderDiff> {
    const request = new messages.DiffRequest()
      .setId(id)
      .setUrn(subject.urn)
      .setName(subject.name)
      .setType(subject.type);
    request.setOlds(toStruct(olds)).setNews(toStruct(news)).setOldInputs(toStruct(olds));
    const response = await this.#optional<messages.DiffResponse>((done) =>
      this.client.diffConfig(request, done),
    );
    return response ? readDiff(response) : { changes: "unknown", replaces: [], deleteBeforeReplace: false };
  }

  async configure(inputs: Properties, subject?: Subject & { id: string }): Promise<void> {
    const request = new messages.ConfigureRequest().setAcceptsecrets(true).setAcceptresources(true);
    request.setArgs(toStruct(inputs)).setSendsOldInputs(true).setSendsOldInputsToDelete(true);
    if (subject) request.setId(subject.id).setUrn(subject.urn).setName(subject.name).setType(subject.type);
    const variables = request.getVariablesMap();
    for (const [key, value] of Object.entries(withoutSecrets(inputs))) {
      if (typeof value === "string") variables.set(`${this.name}:config:${key}`, value);
    }
    const response = await this.#call<messages.ConfigureResponse>((done) =>
      this.client.configure(request, done),
    );
    this.#abilities = {
      acceptsSecrets: response.getAcceptsecrets(),
      acceptsReferences: response.getAcceptresources(),
      previews: response.getSupportspreview(),
    };
  }

  async check(
    subject: Subject,
    olds: Properties,
    news: Properties,
  ): Promise<{ inputs: Properties; failures: string[] }> {
    const request = new messages.CheckRequest()
      .setUrn(subject.urn)
      .setName(subject.name)
      .setType(subject.type);
    request.setOlds(this.#out(olds)).setNews(this.#out(news));
    const response = await this.#call<messages.CheckResponse>((done) => this.client.check(request, done));
    return readCheck(response, news);
  }

  async diff(
    subject: Subject,
    id: string,
    old: { inputs: Properties; outputs: Properties },
    news: Properties,
    ignoreChanges: readonly string[],
  ): Promise<ProviderDiff> {
    const request = new messages.DiffRequest()
      .setId(id)
      .setUrn(subject.urn)
      .setName(subject.name)
      .setType(subject.type);
    request.setOlds(this.#out(old.outputs)).setNews(this.#out(news)).setOldInputs(this.#out(old.inputs));
    request.setIgnorechangesList([...ignoreChanges]);
    return readDiff(await this.#call<messages.DiffResponse>((done) => this.client.diff(request, done)));
  }

  async create(
    subject: Subject,
    inputs: Properties,
    options: { preview: boolean; timeoutSeconds?: number | undefined },
  ): Promise<{ id: string; outputs: Properties }> {
    const request = new messages.CreateRequest()
      .setUrn(subject.urn)
      .setName(subject.name)
      .setType(subject.type);
    request
      .setProperties(this.#out(inputs))
      .setPreview(options.preview)
      .setTimeout(options.timeoutSeconds ?? 0);
    const response = await this.#call<messages.CreateResponse>(
      (done) => this.client.create(request, done),
      inputs,
    );
    return { id: response.getId(), outputs: this.#in(fromStruct(response.getProperties()), inputs) };
  }

  async update(
    subject: Subject,
    id: string,
    old: { inputs: Properties; outputs: Properties },
    news: Properties,
    options: { preview: boolean; ignoreChanges: readonly string[]; timeoutSeconds?: number | undefined },
  ): Promise<{ outputs: Properties }> {
    const request = new messages.UpdateRequest()
      .setId(id)
      .setUrn(subject.urn)
      .setName(subject.name)
      .setType(subject.type);
    request.setOlds(this.#out(old.outputs)).setNews(this.#out(news)).setOldInputs(this.#out(old.inputs));
    request
      .setPreview(options.preview)
      .setTimeout(options.timeoutSeconds ?? 0)
      .setIgnorechangesList([...options.ignoreChanges]);
    const response = await this.#call<messages.UpdateResponse>(
      (done) => this.client.update(request, done),
      news,
    );
    return { outputs: this.#in(fromStruct(response.getProperties()), news) };
  }

  /** What is really there; no id when it is gone. */
  async read(
    subject: Subject,
    id: string,
    old: { inputs: Properties; outputs: Properties },
  ): Promise<{ id: string; inputs?: Properties; outputs: Properties }> {
    const request = new messages.ReadRequest()
      .setId(id)
      .setUrn(subject.urn)
      .setName(subject.name)
      .setType(subject.type);
    request.setProperties(this.#out(old.outputs)).setInputs(this.#out(old.inputs));
    const response = await this.#call<messages.ReadResponse>(
      (done) => this.client.read(request, done),
      old.inputs,
    );
    const inputs = response.getInputs();
    return {
      id: response.getId(),
      outputs: this.#in(fromStruct(response.getProperties()), { ...old.outputs, ...old.inputs }),
      ...(inputs ? { inputs: this.#in(fromStruct(inputs), old.inputs) } : {}),
    };
  }

  async delete(
    subject: Subject,
    id: string,
    old: { inputs: Properties; outputs: Properties },
    timeoutSeconds?: number,
  ): Promise<void> {
    const request = new messages.DeleteRequest()
      .setId(id)
      .setUrn(subject.urn)
      .setName(subject.name)
      .setType(subject.type);
    request
      .setProperties(this.#out(old.outputs))
      .setOldInputs(this.#out(old.inputs))
      .setTimeout(timeoutSeconds ?? 0);
    await this.#call<Empty>((done) => this.client.delete(request, done), old.inputs);
  }

  async invoke(token: string, args: Properties): Promise<{ result: Properties; failures: string[] }> {
    const request = new messages.InvokeRequest().setTok(token).setArgs(this.#out(args));
    const response = await this.#call<messages.InvokeResponse>((done) => this.client.invoke(request, done));
    return {
      result: fromStruct(response.getReturn()),
      failures: response
        .getFailuresList()
        .map((failure) => [failure.getProperty(), failure.getReason()].filter(Boolean).join(": ")),
    };
  }

  /** Asks it to stop what it is doing; providers that cannot are left to finish. */
  async cancel(): Promise<void> {
    await this.#optional<Empty>((done) => this.client.cancel(new Empty(), done)).catch(() => undefined);
  }

  /** Gives up on calls that still run, and on the connection. */
  close(): void {
    for (const call of this.#calls) call.cancel();
    this.client.close();
  }

  #out(properties: Properties) {
    const references = this.#abilities.acceptsReferences ? properties : withoutReferences(properties);
    return toStruct(this.#abilities.acceptsSecrets ? references : withoutSecrets(references));
  }

  #in(outputs: Properties, inputs: Properties): Properties {
    return this.#abilities.acceptsSecrets ? outputs : markSecrets(outputs, inputs);
  }

  #call<T>(
    start: (done: (error: grpc.ServiceError | null, response: T) => void) => grpc.ClientUnaryCall,
    inputs?: Properties,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const call = start((error, response) => {
        this.#calls.delete(call);
        if (!error) return resolve(response);
        const failure = callError(this.name, error);
        if (failure instanceof InitializationError && inputs)
          failure.outputs = this.#in(failure.outputs, inputs);
        reject(failure);
      });
      this.#calls.add(call);
    });
  }

  /** A method that a provider may leave out. */
  async #optional<T>(
    start: (done: (error: grpc.ServiceError | null, response: T) => void) => grpc.ClientUnaryCall,
  ): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      start((error, response) => {
        if (!error) resolve(response);
        else if (error.code === grpc.status.UNIMPLEMENTED) resolve(undefined);
        else reject(callError(this.name, error));
      });
    });
  }
}

function readCheck(
  response: messages.CheckResponse,
  news: Properties,
): { inputs: Properties; failures: string[] } {
  const inputs = response.getInputs();
  return {
    inputs: inputs ? markSecrets(fromStruct(inputs), news) : news,
    failures: response.getFailuresList().map((failure) => {
      const property = failure.getProperty();
      return property ? `property ${property} value is refused: ${failure.getReason()}` : failure.getReason();
    }),
  };
}
