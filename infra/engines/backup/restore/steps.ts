/** One step of a switch as the journal has it; each may be done a second time after a crash in its middle. */
export type Step =
  | { do: "rename"; from: string; to: string }
  /** Somebody may have dropped it a moment before: then there is nothing to move. */
  | { do: "move"; from: string; to: string }
  | { do: "drop"; name: string }
  | { do: "copy"; from: string; to: string }
  /** What cannot be renamed is made anew from a plain copy of its documents. */
  | { do: "rebuild"; name: string; metadata: string; from: string }
  | { do: "view"; name: string; metadata: string };

export function describeStep(step: Step): string {
  switch (step.do) {
    case "rename":
    case "move":
    case "copy":
      return `${step.do} ${step.from} to ${step.to}`;
    case "rebuild":
      return `rebuild ${step.name} from ${step.from}`;
    default:
      return `${step.do} ${step.name}`;
  }
}
