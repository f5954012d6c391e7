import type { OperationView, StepDone } from "./operation-view";
import type { Paint } from "./palette";
import { diffLines } from "./property-diff";
import { isHalfStep, stepWords } from "./step-words";

/** A step with all its properties, as `--diff` shows it; nothing for what stays as it is. */
export function stepDetail(view: OperationView, event: StepDone, paint: Paint): string[] {
  if (event.step === "same" || isHalfStep(event.step)) return [];
  const { symbol, colour, plan } = stepWords[event.step];
  const row = view.row(event.urn);
  const state = event.new ?? event.old;
  const depth = row.parent ? 4 : 2;
  const pad = " ".repeat(depth + 4);
  const bag = event.step === "refresh" ? "outputs" : "inputs";
  const old = event.step === "create" ? {} : (event.old?.[bag] ?? {});
  // Of what is deleted everything is shown, and nothing of it is a difference.
  const now = event.step === "delete" ? old : (event.new?.[bag] ?? {});
  const id = event.old?.id ?? state?.id;
  return [
    paint(`${" ".repeat(depth)}${symbol}${row.type}: (${plan})`, colour),
    ...(id ? [`${pad}[id=${view.blind.text(id)}]`] : []),
    `${pad}[urn=${event.urn}]`,
    ...diffLines(old, now, {
      paint,
      blind: view.blind,
      indent: depth + 2,
      showSame: true,
      replaces: event.replaces ?? [],
    }),
  ];
}
