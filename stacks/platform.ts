import * as pulumi from "@pulumi/pulumi";
import { SettingsError, type Settings } from "./settings";
import { ofPlatform } from "./platform-setting";

const references = new Map<string, pulumi.StackReference>();

/** A setting's value: as it stands there, or the output of the platform's stack that it names. */
export function resolved(settings: Settings, path: string, value: string): pulumi.Input<string> {
  const output = ofPlatform(value);
  if (output === undefined) return value;
  if (settings.platform === undefined)
    throw new SettingsError([
      {
        key: `dnd-tracker:${path}`,
        value: `is ${value}, and no platform is named`,
        allowed: "the value itself, or the name of the shared stack in dnd-tracker:platform",
      },
    ]);
  const { stackNamed } = require("../components/stack-named") as typeof import("../components/stack-named");
  const name = stackNamed(settings.platform);
  const reference = references.get(name) ?? new pulumi.StackReference(name);
  references.set(name, reference);
  return reference.requireOutput(output).apply((found) => textOf(found, { name, output }));
}

function textOf(found: unknown, { name, output }: { name: string; output: string }): string {
  if (typeof found === "string" && found !== "") return found;
  throw new pulumi.RunError(`The output ${output} of the stack ${name} is no text.`);
}
