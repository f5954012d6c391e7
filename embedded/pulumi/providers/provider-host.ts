import * as grpc from "@grpc/grpc-js";
import { PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { createRequire } from "node:module";
import { join } from "node:path";
import { findPlugin } from "./find-plugin";
import { endWithEngine, PluginProcess } from "./plugin-process";
import { Provider } from "./provider";

/** The package of dynamic resources, whose provider is a part of the SDK. */
export const dynamicPackage = "pulumi-nodejs";
const messageLimit = 400 * 1024 * 1024;

export interface ProviderHostOptions {
  programFolder: string;
  engineAddress: string;
  /** For the provider that is a part of the program's own SDK. */
  nodeArgs: string[];
  project: string;
  stack: string;
  env: NodeJS.ProcessEnv;
  onLine(provider: string, line: string): void;
}

/** Starts providers, each once, and ends them all together. */
export class ProviderHost {
  readonly #running: { provider: Provider; process: PluginProcess | undefined }[] = [];
  #dynamic: Promise<PluginProcess> | undefined;

  constructor(private readonly options: ProviderHostOptions) {}

  /** Starts the dynamic provider ahead of the first need: it takes as long as the program. */
  warm(): void {
    this.#dynamic ??= this.#startDynamic();
    this.#dynamic.catch(() => undefined);
  }

  /** Every provider resource has a provider of its own; only those attached from outside may share one. */
  async open(name: string, version: string | undefined): Promise<Provider> {
    const attached = attachedPort(name, this.options.env);
    if (attached !== undefined) return this.#attach(name, attached);
    const process =
      name === dynamicPackage ? await this.#takeDynamic() : await this.#startPlugin(name, version);
    return this.#connect(name, process.address, process);
  }

  async cancel(): Promise<void> {
    await Promise.all(this.#running.map(({ provider }) => provider.cancel()));
  }

  close(): void {
    for (const { provider, process } of this.#running) {
      provider.close();
      process?.kill();
    }
    void this.#dynamic?.then((process) => process.kill()).catch(() => undefined);
  }

  #takeDynamic(): Promise<PluginProcess> {
    const warmed = this.#dynamic ?? this.#startDynamic();
    this.#dynamic = undefined;
    return warmed;
  }

  #startDynamic(): Promise<PluginProcess> {
    const { programFolder, engineAddress, nodeArgs } = this.options;
    const script = createRequire(join(programFolder, "package.json")).resolve(
      "@pulumi/pulumi/cmd/dynamic-provider",
    );
    const args = [...nodeArgs, endWithEngine, script, engineAddress];
    return this.#start(dynamicPackage, process.execPath, args);
  }

  #startPlugin(name: string, version: string | undefined): Promise<PluginProcess> {
    return this.#start(name, findPlugin(name, version, this.options.env).file, [this.options.engineAddress]);
  }

  #start(name: string, file: string, args: string[]): Promise<PluginProcess> {
    const { programFolder: cwd, project, stack } = this.options;
    const env = {
      ...this.options.env,
      PULUMI_NODEJS_PROJECT: project,
      PULUMI_NODEJS_STACK: stack,
      PULUMI_PROJECT: project,
    };
    return PluginProcess.start({
      name,
      file,
      args,
      cwd,
      env,
      onLine: (line) => this.options.onLine(name, line),
    });
  }

  async #attach(name: string, port: number): Promise<Provider> {
    const provider = this.#connect(name, `127.0.0.1:${port}`, undefined);
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
    await new Promise<void>((resolve, reject) => {
      client.attach(new PluginAttach().setAddress(this.options.engineAddress), (error) => {
        client.close();
        if (error && error.code !== grpc.status.UNIMPLEMENTED)
          reject(new Error(`the attached provider ${name} does not answer: ${error.details}`));
        else resolve();
      });
    });
    return provider;
  }

  #connect(name: string, address: string, process: PluginProcess | undefined): Provider {
    const client = new ResourceProviderClient(address, grpc.credentials.createInsecure(), {
      "grpc.max_receive_message_length": messageLimit,
      "grpc.max_send_message_length": messageLimit,
    });
    const provider = new Provider(name, client);
    this.#running.push({ provider, process });
    return provider;
  }
}

/** The port of a provider that somebody runs already, as `PULUMI_DEBUG_PROVIDERS="name:port,..."` says. */
function attachedPort(name: string, env: NodeJS.ProcessEnv): number | undefined {
  const entries = (env.PULUMI_DEBUG_PROVIDERS ?? "").split(",").map((entry) => entry.split(":"));
  const port = entries.find(([provider]) => provider === name)?.[1];
  return port === undefined ? undefined : Number(port);
}
