import { OperatorError } from "../../infra/support";
import type { StackEngine } from "./contract";
import { findPulumi, type PulumiBinary } from "./pulumi-binary";

export const engineNames = ["auto", "pulumi", "embedded"] as const;
export type EngineName = (typeof engineNames)[number];

export interface ChosenEngine {
  engine: StackEngine;
  /** One line for the operator when the choice was not the expected one. */
  note: string | undefined;
}

/** Pulumi's CLI where it answers, else the embedded engine, unless one was asked for by name. */
export async function chooseEngine(wanted: EngineName, signal?: AbortSignal): Promise<ChosenEngine> {
  if (wanted === "embedded") return { engine: embedded(), note: undefined };
  const search = await findPulumi(signal);
  if (search.found) return { engine: installed(search.found), note: undefined };
  if (wanted === "pulumi") {
    throw new OperatorError({
      code: "pulumi-missing",
      kind: "usage",
      message: `--engine pulumi: ${search.reason}`,
      remedy: "Install the Pulumi CLI 3.200 or later, or leave the choice to `--engine auto`.",
    });
  }
  return {
    engine: embedded(),
    note: `${search.reason}: the embedded engine runs the same program on the same state`,
  };
}

function installed({ path, version }: PulumiBinary): StackEngine {
  const { PulumiCli } = require("./pulumi-cli") as typeof import("./pulumi-cli");
  return new PulumiCli(path, version);
}

function embedded(): StackEngine {
  const { EmbeddedEngine } = require("./embedded") as typeof import("./embedded");
  return new EmbeddedEngine();
}
