import * as pulumi from "@pulumi/pulumi";
import { SettingsError, type Settings } from "./settings";
import { ofPlatform } from "./platform-setting";

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
  const { referenceTo } =
    require("../components/stack-reference") as typeof import("../components/stack-reference");
  const { platform } = settings;
  return referenceTo(platform)
    .requireOutput(output)
    .apply((found: unknown) => textOf(found, { name: platform, output }));
}

function textOf(found: unknown, { name, output }: { name: string; output: string }): string {
  if (typeof found === "string" && found !== "") return found;
  throw new pulumi.RunError(`The output ${output} of the stack ${name} is no text.`);
}
