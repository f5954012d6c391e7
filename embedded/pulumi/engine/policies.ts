import type * as grpc from "@grpc/grpc-js";
import * as messages from "@pulumi/pulumi/proto/analyzer_pb";
import { resolve } from "node:path";
import type { Properties, ResourceState } from "../deployment";
import { fromStruct, toStruct, withoutReferences, withoutSecrets } from "../values";
import type { Goal } from "./goal";
import { startPack, type Pack, type PolicyStart } from "./policy-pack";
import type { Run } from "./run";
import { partsOf, urnOfReference } from "./urn";

const levels: Record<number, "advisory" | "mandatory" | "remediate" | undefined> = {
  [messages.EnforcementLevel.ADVISORY]: "advisory",
  [messages.EnforcementLevel.MANDATORY]: "mandatory",
  [messages.EnforcementLevel.REMEDIATE]: "remediate",
};

/** The policy packs of an operation: asked about each resource before its step, and about the whole stack at the end. */
export class Policies {
  private constructor(private readonly packs: readonly Pack[]) {}

  static async start(folders: readonly string[], start: PolicyStart): Promise<Policies> {
    return new Policies(await Promise.all(folders.map((folder) => startPack(resolve(folder), start))));
  }

  /** Lets the packs mend and then judge a resource; gives its inputs as mended. */
  async analyze(run: Run, state: ResourceState, goal: Goal): Promise<Properties> {
    if (this.packs.length === 0) return state.inputs;
    const inputs = await this.#remediate(run, state, goal);
    const request = requestFor(run, { ...state, inputs }, goal);
    let refused = false;
    for (const { client } of this.packs) {
      const response = await call<messages.AnalyzeResponse>((done) => client.analyze(request, done));
      refused = tell(run, response, state.urn) || refused;
    }
    if (refused && !run.dryRun)
      throw run.fail(new Error("a mandatory policy refuses this resource"), state.urn);
    if (refused) run.refuse();
    return inputs;
  }

  /** Lets the packs judge the stack as it has become, or as it would. */
  async analyzeStack(run: Run): Promise<void> {
    if (this.packs.length === 0) return;
    const request = new messages.AnalyzeStackRequest().setResourcesList(
      [...run.parts.book.news.values()].map((state) => resourceOf(run, state)),
    );
    for (const { client } of this.packs) {
      const response = await call<messages.AnalyzeResponse>((done) => client.analyzeStack(request, done));
      if (tell(run, response)) run.refuse();
    }
  }

  close(): void {
    for (const { client, process } of this.packs) {
      client.close();
      process.kill();
    }
  }

  async #remediate(run: Run, state: ResourceState, goal: Goal): Promise<Properties> {
    let inputs = state.inputs;
    for (const { client } of this.packs) {
      const request = requestFor(run, { ...state, inputs }, goal);
      const response = await call<messages.RemediateResponse>((done) => client.remediate(request, done));
      for (const one of response.getRemediationsList()) {
        if (one.getDiagnostic()) {
          run.say("warning", one.getDiagnostic(), state.urn);
          continue;
        }
        inputs = fromStruct(one.getProperties());
        tellPolicy(
          run,
          one.getPolicyname(),
          one.getPolicypackname(),
          "remediate",
          one.getDescription(),
          state.urn,
        );
      }
    }
    return inputs;
  }
}

/** Shows what the policies found; true when one of them is mandatory. */
function tell(run: Run, response: messages.AnalyzeResponse, urn?: string): boolean {
  let refused = false;
  for (const found of response.getDiagnosticsList()) {
    const level = levels[found.getEnforcementlevel()];
    if (!level) continue;
    tellPolicy(
      run,
      found.getPolicyname(),
      found.getPolicypackname(),
      level,
      found.getMessage(),
      found.getUrn() || urn,
    );
    if (level === "mandatory") refused = true;
  }
  return refused;
}

function tellPolicy(
  run: Run,
  name: string,
  pack: string,
  enforcement: "advisory" | "mandatory" | "remediate",
  message: string,
  urn?: string,
): void {
  run.parts.onEvent({ kind: "policy", name, pack, enforcement, message, ...(urn ? { urn } : {}) });
}

const plain = (properties: Properties) => toStruct(withoutReferences(withoutSecrets(properties)));

function requestFor(run: Run, state: ResourceState, goal: Goal): messages.AnalyzeRequest {
  const request = new messages.AnalyzeRequest()
    .setType(state.type)
    .setUrn(state.urn)
    .setName(partsOf(state.urn).name);
  request.setProperties(plain(state.inputs)).setOptions(optionsOf(state, goal));
  const provider = providerOf(run, state);
  if (provider) request.setProvider(provider);
  return request;
}

function resourceOf(run: Run, state: ResourceState): messages.AnalyzerResource {
  const resource = new messages.AnalyzerResource()
    .setType(state.type)
    .setUrn(state.urn)
    .setName(partsOf(state.urn).name);
  resource
    .setProperties(plain(state.outputs))
    .setOptions(optionsOf(state))
    .setParent(state.parent ?? "")
    .setDependenciesList(state.dependencies ?? []);
  for (const [key, urns] of Object.entries(state.propertyDependencies ?? {})) {
    resource
      .getPropertydependenciesMap()
      .set(key, new messages.AnalyzerPropertyDependencies().setUrnsList(urns));
  }
  const provider = providerOf(run, state);
  if (provider) resource.setProvider(provider);
  return resource;
}

function optionsOf(state: ResourceState, goal?: Goal): messages.AnalyzerResourceOptions {
  const options = new messages.AnalyzerResourceOptions()
    .setProtect(state.protect ?? false)
    .setParent(state.parent ?? "");
  options
    .setIgnorechangesList(state.ignoreChanges ?? [])
    .setAdditionalsecretoutputsList(state.additionalSecretOutputs ?? []);
  if (goal)
    options
      .setDeletebeforereplace(goal.deleteBeforeReplace ?? false)
      .setDeletebeforereplacedefined(goal.deleteBeforeReplace !== undefined);
  return options;
}

function providerOf(run: Run, state: ResourceState): messages.AnalyzerProviderResource | undefined {
  const provider = state.provider && run.parts.book.news.get(urnOfReference(state.provider));
  if (!provider) return undefined;
  const { name } = partsOf(provider.urn);
  return new messages.AnalyzerProviderResource()
    .setType(provider.type)
    .setUrn(provider.urn)
    .setName(name)
    .setProperties(plain(provider.inputs));
}

function call<T>(
  start: (done: (error: grpc.ServiceError | null, response: T) => void) => unknown,
): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, response) =>
      error ? reject(new Error(`the policy pack failed: ${error.details}`)) : resolve(response),
    );
  });
}
