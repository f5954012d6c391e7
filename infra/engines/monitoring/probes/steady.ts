import { isVerdict, type Figure } from "../figure";

/** How often in a row a thing must be seen bad, or well again, before that is believed. */
export interface Patience {
  failures: number;
  successes: number;
}

/** What is believed of one thing, and how many looks in a row have said otherwise. */
export interface Belief {
  bad: boolean;
  against: number;
  /** Since when it is believed. */
  since: Date;
}

export type Beliefs = Readonly<Record<string, Belief>>;

export const usualPatience: Patience = { failures: 3, successes: 2 };

/** Of a verdict, what it is about. */
export function beliefKey({ name, subject }: Figure): string {
  return `${name}:${subject}`;
}

/** Turns what one round saw into what is believed: a single bad look is no outage, a single good one no recovery. */
export function steady(
  figures: readonly Figure[],
  before: Beliefs,
  patience: Patience = usualPatience,
): { figures: Figure[]; beliefs: Beliefs } {
  const beliefs: Record<string, Belief> = { ...before };
  const steadied = figures.map((figure) => {
    if (!isVerdict(figure)) return figure;
    const key = beliefKey(figure);
    const belief = after(beliefs[key], figure, patience);
    beliefs[key] = belief;
    return { ...figure, value: belief.bad ? Math.max(1, figure.value) : 0 };
  });
  return { figures: steadied, beliefs };
}

function after(before: Belief | undefined, figure: Figure, { failures, successes }: Patience): Belief {
  const known = before ?? { bad: false, against: 0, since: figure.at };
  const seenBad = figure.value > 0;
  if (seenBad === known.bad) return { ...known, against: 0 };
  const against = known.against + 1;
  return against >= (seenBad ? failures : successes)
    ? { bad: seenBad, against: 0, since: figure.at }
    : { ...known, against };
}

/** Forgets what was not looked at for long, such as machines that were replaced. */
export function forgetGone(beliefs: Beliefs, figures: readonly Figure[]): Beliefs {
  const seen = new Set(figures.map(beliefKey));
  return Object.fromEntries(Object.entries(beliefs).filter(([key]) => seen.has(key)));
}
