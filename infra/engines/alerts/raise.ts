import type { Db } from "mongodb";
import { newAlert, type Alert, type AlertLevel } from "./alert";
import { withStore } from "./store/with-store";

const titleAtMost = 200;
const textAtMost = 1_000;

/** Something that happened once and that no figure tells of. */
export interface Raised {
  rule: string;
  subject: string;
  level: AlertLevel;
  title: string;
  text: string;
  release?: number | undefined;
  environment?: string | undefined;
}

/** Raises an alert; the next round tells it. While one about the same thing is open that one is counted up. */
export async function raiseAlert(ops: Db, raised: Raised, now = new Date()): Promise<void> {
  await raiseAlerts(ops, [raised], now);
}

/** The same for many at once. */
export async function raiseAlerts(ops: Db, raised: readonly Raised[], now = new Date()): Promise<void> {
  await withStore(ops, (store) => store.raise(raised.map((one) => alertOf(one, now))));
}

function alertOf({ rule, subject, level, title, text, release, environment = "" }: Raised, now: Date): Alert {
  return {
    ...newAlert(rule, subject, now),
    environment,
    level,
    title: title.slice(0, titleAtMost),
    text: text.slice(0, textAtMost),
    value: null,
    threshold: null,
    firedAt: now,
    ...(release !== undefined && { release }),
  };
}
