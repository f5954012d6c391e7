import { keptName, shadowName } from "../../../support";
import { dataNameOf, type CollectionType } from "../archive";
import type { Step } from "./steps";

/** A collection that stands in a database or will. */
export interface Standing {
  name: string;
  type: CollectionType;
  metadata: string;
}

/** A switch as three lists: there, back again, and giving up the way back. */
export interface SwitchPlan {
  steps: Step[];
  undo: Step[];
  confirm: Step[];
}

/** A time series and the stored functions can neither be renamed nor be renamed to. */
const isFixed = ({ name, type }: Standing) => type === "timeseries" || name.startsWith("system.");
const isView = ({ type }: Standing) => type === "view";
const isPlain = (one: Standing) => !isFixed(one) && !isView(one);

/** Everything that takes time or cannot be renamed comes last, so that the others change within milliseconds. */
export function planSwitch(id: string, old: readonly Standing[], wanted: readonly Standing[]): SwitchPlan {
  const [oldFixed, newFixed] = [old.filter(isFixed), wanted.filter(isFixed)];
  const oldNames = new Set(oldFixed.map(({ name }) => name));
  const [late, early] = split(wanted.filter(isPlain), ({ name }) => oldNames.has(name));
  const come = ({ name }: Standing): Step => ({ do: "rename", from: shadowName(id, name), to: name });
  const steps: Step[] = [
    ...old.filter(isView).map(dropped),
    ...old.filter(isPlain).map(({ name }): Step => ({ do: "move", from: name, to: keptName(id, name) })),
    ...early.map(come),
    ...oldFixed.flatMap((one) => keep(id, one)),
    ...late.map(come),
    ...newFixed.flatMap((one) => rebuilt(one, shadowName(id, one.name))),
    ...wanted.filter(isView).map(view),
  ];
  const undo: Step[] = [
    ...wanted.filter(isView).map(dropped),
    ...[...wanted.filter(isPlain), ...newFixed].map(dropped),
    ...old.filter(isPlain).map(({ name }): Step => ({ do: "move", from: keptName(id, name), to: name })),
    ...oldFixed.flatMap((one) => rebuilt(one, keptName(id, one.name))),
    ...old.filter(isView).map(view),
  ];
  const kept = old.filter((one) => !isView(one));
  return { steps, undo, confirm: kept.map(({ name }): Step => ({ do: "drop", name: keptName(id, name) })) };
}

const dropped = ({ name }: Standing): Step => ({ do: "drop", name });
const view = ({ name, metadata }: Standing): Step => ({ do: "view", name, metadata });

function keep(id: string, one: Standing): Step[] {
  return [{ do: "copy", from: dataNameOf(one) ?? one.name, to: keptName(id, one.name) }, dropped(one)];
}

function rebuilt({ name, metadata }: Standing, from: string): Step[] {
  return [
    { do: "rebuild", name, metadata, from },
    { do: "drop", name: from },
  ];
}

function split<T>(all: readonly T[], first: (one: T) => boolean): [T[], T[]] {
  return [all.filter(first), all.filter((one) => !first(one))];
}
