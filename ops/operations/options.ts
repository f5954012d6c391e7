import { type Command, InvalidArgumentError, Option } from "commander";
import type { PlaceOptions } from "../stack-place";
import { collected } from "../command";
import type { ReportForm } from "../preview-report";
import { engineNames, type EngineName, type OperationKind, type OperationOptions } from "../engine";

const reportForms: readonly ReportForm[] = ["text", "json", "markdown"];

/** The options of an operation as commander gives them. */
export interface GivenOptions extends PlaceOptions {
  json: boolean;
  yes: boolean;
  engine: EngineName;
  target?: string[];
  replace?: string[];
  parallel?: number;
  diff?: boolean;
  expectNoChanges?: boolean;
  policyPack?: string[];
  clearPendingCreates?: boolean;
  message?: string;
  giveUpCluster?: string;
  report?: ReportForm;
  overridePromotion?: string;
}

export function addEngineOption(command: Command): Command {
  const option = new Option("--engine <engine>", "what runs the program")
    .choices(engineNames)
    .default("auto");
  return command.addOption(option);
}

/** What runs a stack, and where the stack is. */
export function addPlaceOptions(command: Command): Command {
  return addEngineOption(command)
    .option("--cwd <dir>", "another Pulumi program than this checkout's")
    .option("--config-file <file>", "the stack's settings, where not in Pulumi.<stack>.yaml");
}

/** The options that an operation of this kind has in Pulumi too. */
export function addOperationOptions(command: Command, kind: OperationKind): void {
  addPlaceOptions(command)
    .option("-t, --target <urn>", "only this resource; may be repeated", collected)
    .option("-p, --parallel <n>", "at most so many steps at once", positive)
    .option("--diff", "show every property that changes")
    .option("-m, --message <text>", "what the history says of it");
  if (kind !== "destroy") command.option("--expect-no-changes", "fail when anything changes");
  if (kind === "refresh") {
    command.option(
      "--clear-pending-creates",
      "forget the creations that interrupted runs left as pending, once you have looked",
    );
  }
  if (kind === "up") {
    command.option(
      "--give-up-cluster <project>",
      "another cluster may take the place of this one, whose data goes with it",
    );
  }
  if (kind === "preview") {
    const forms = new Option("--report <form>", "one report of all that a person asks before saying yes");
    command.addOption(forms.choices(reportForms));
  }
  if (kind === "up" || kind === "preview") {
    command
      .option(
        "--override-promotion <reason>",
        "release what has not passed the stack before; an alert and the journal tell of it",
        reason,
      )
      .option("--replace <urn>", "make this resource anew; may be repeated", collected)
      .option(
        "--policy-pack <dir>",
        "check with this policy pack, in place of policy/ that stacks of the cloud are checked with; may be repeated",
        collected,
      );
  }
}

export function readOperationOptions(given: GivenOptions): OperationOptions {
  return {
    targets: given.target ?? [],
    replaces: given.replace ?? [],
    parallel: given.parallel,
    diff: given.diff ?? false,
    expectNoChanges: given.expectNoChanges ?? false,
    policyPacks: given.policyPack ?? [],
    clearPendingCreates: given.clearPendingCreates ?? false,
    message: given.message,
  };
}

function reason(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("a reason in words is expected");
  return text.trim();
}

function positive(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError("a number from 1 to 9999 is expected");
  return Number(text);
}
