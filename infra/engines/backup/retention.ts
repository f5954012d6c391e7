import { believedNow } from "./believed-now";

/** How many archives are kept, counted for each environment apart. What is not set keeps nothing by itself. */
export interface RetentionRules {
  /** The newest so many, however old; 1 unless said otherwise. */
  last?: number | undefined;
  /** Everything younger than so many days; 7 unless said otherwise. */
  days?: number | undefined;
  /** The newest of each of the last so many days, weeks (from Monday) and months that have one, in UTC. */
  daily?: number | undefined;
  weekly?: number | undefined;
  monthly?: number | undefined;
}

/** What retention has to know of an archive. */
export interface KeptArchive {
  id: string;
  environment: string;
  database: string;
  release: number | null;
  takenAt: string;
  /** Whether it lists as good: whole, with a manifest that can be read. */
  good: boolean;
  /** Why somebody said that it must stay; null where nobody did. */
  hold: string | null;
}

export interface RetentionInput {
  archives: readonly KeptArchive[];
  rules: RetentionRules | ((environment: string) => RetentionRules);
  /** The ids and the releases that a way back may still need. */
  needed: { ids: readonly string[]; releases: readonly number[] };
  now: Date;
}

/** What becomes of one archive, and why. */
export interface RetentionDecision {
  id: string;
  environment: string;
  database: string;
  verdict: "keep" | "delete";
  /** Every reason, each a sentence's end: "it is the newest of its week". */
  reasons: string[];
}

const dayMs = 24 * 3_600_000;
const usualDays = 7;
/** So long a stack that is in use is never without an archive. */
const leastSilentDays = 90;

/** Which archives stay and which go, the newest first. Nothing is read or deleted here. */
export function decideRetention({ archives, rules, needed, now }: RetentionInput): RetentionDecision[] {
  return groupsOf(archives).flatMap((group) => {
    const newestFirst = group.sort(byAge);
    const own = typeof rules === "function" ? rules(newestFirst[0]?.environment ?? "") : rules;
    const reasons = new Map(newestFirst.map((one) => [one, alwaysKept(one, needed)]));
    const moments = newestFirst.map(({ takenAt }) => Date.parse(takenAt));
    const believed = believedNow(moments, Math.max(own.days ?? usualDays, leastSilentDays), now);
    for (const [one, reason] of [
      ...lastGood(newestFirst, believed),
      ...keptByRules(newestFirst, own, believed),
    ])
      reasons.get(one)?.push(reason);
    return newestFirst.map((one) => decisionOn(one, reasons.get(one) ?? [], own));
  });
}

/** Each database in each environment is a matter of its own. */
function groupsOf(archives: readonly KeptArchive[]): KeptArchive[][] {
  const groups = new Map<string, KeptArchive[]>();
  for (const one of archives) {
    const key = JSON.stringify([one.environment, one.database]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}

/** Newest first; of two of one moment the one whose id sorts last. */
function byAge(a: KeptArchive, b: KeptArchive): number {
  return Date.parse(b.takenAt) - Date.parse(a.takenAt) || (a.id < b.id ? 1 : -1);
}

function alwaysKept({ id, release, hold }: KeptArchive, needed: RetentionInput["needed"]): string[] {
  const reasons = hold === null ? [] : [`it is under hold: ${hold}`];
  if (release !== null && needed.releases.includes(release))
    reasons.push(`release ${release} is in the rollback window`);
  else if (needed.ids.includes(id)) reasons.push("a release in the rollback window needs it");
  return reasons;
}

type Reason = readonly [KeptArchive, string];

/** A wrong clock must not push the true ones out: what claims to be from tomorrow counts only where nothing else does. */
const isPast = ({ takenAt }: KeptArchive, now: Date) => Date.parse(takenAt) <= now.getTime() + dayMs;

function lastGood(newestFirst: readonly KeptArchive[], now: Date): Reason[] {
  const good = newestFirst.filter((one) => one.good);
  const newest = good.find((one) => isPast(one, now)) ?? good[0];
  return newest ? [[newest, "it is the last good one"]] : [];
}

/** Only good ones count: a damaged archive must not take the place of one that can be restored. */
function keptByRules(newestFirst: readonly KeptArchive[], rules: RetentionRules, now: Date): Reason[] {
  const good = newestFirst.filter((one) => one.good && isPast(one, now));
  const { last = 1, days = usualDays, daily = 0, weekly = 0, monthly = 0 } = rules;
  const oldest = now.getTime() - days * dayMs;
  const young = newestFirst.filter(({ takenAt }) => Date.parse(takenAt) >= oldest);
  return [
    ...good.slice(0, last).map((one, at): Reason => [one, `it is number ${at + 1} of the last ${last}`]),
    ...young.map((one): Reason => [one, `it is younger than ${plural(days, "day")}`]),
    ...newestOfEach(good, dayOf, daily, "day"),
    ...newestOfEach(good, weekOf, weekly, "week"),
    ...newestOfEach(good, monthOf, monthly, "month"),
  ];
}

function newestOfEach(
  newestFirst: readonly KeptArchive[],
  periodOf: (takenAt: string) => string,
  count: number,
  name: string,
): Reason[] {
  const newest = new Map<string, KeptArchive>();
  for (const one of newestFirst) {
    const period = periodOf(one.takenAt);
    if (!newest.has(period)) newest.set(period, one);
  }
  return [...newest]
    .slice(0, count)
    .map(([period, one]) => [
      one,
      `it is the newest of the ${name} ${period}, and ${plural(count, name)} ${count === 1 ? "is" : "are"} kept`,
    ]);
}

const isoOf = (takenAt: string) => new Date(takenAt).toISOString();
const dayOf = (takenAt: string) => isoOf(takenAt).slice(0, 10);
const monthOf = (takenAt: string) => isoOf(takenAt).slice(0, 7);

/** Named by its Monday. */
function weekOf(takenAt: string): string {
  const day = new Date(dayOf(takenAt));
  const sinceMonday = (day.getUTCDay() + 6) % 7;
  return dayOf(new Date(day.getTime() - sinceMonday * dayMs).toISOString());
}

function decisionOn(one: KeptArchive, reasons: string[], rules: RetentionRules): RetentionDecision {
  const { id, environment, database } = one;
  if (reasons.length > 0) return { id, environment, database, verdict: "keep", reasons };
  const why = one.good
    ? `it is older than ${plural(rules.days ?? usualDays, "day")}, and no other rule keeps it`
    : `it is no good archive, and older than ${plural(rules.days ?? usualDays, "day")}`;
  return { id, environment, database, verdict: "delete", reasons: [why] };
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
