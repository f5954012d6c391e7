import type { ReleaseSummary } from "./summary";

/** One thing in which two releases differ. */
export interface ReleaseDifference {
  what: string;
  from: string;
  to: string;
}

const compared: [string, (release: ReleaseSummary) => string | null][] = [
  ["image", ({ image }) => `${image.name}:${image.version}`],
  ["digest", ({ image }) => image.digest],
  ["commit", ({ commit }) => commit],
  ["schema", schemaOf],
  ["lives with", ({ livesWith }) => livesWith && `${livesWith.min ?? "any"} to ${livesWith.max ?? "any"}`],
  ["settings", ({ settingsHash }) => settingsHash],
  ["archive", ({ archive }) => archive?.id ?? null],
  ["engine", ({ engine }) => engine],
  ["made by", ({ by }) => by],
  ["kind", ({ kind }) => kind],
  ["outcome", ({ state }) => state],
];

/** In what two releases differ, the weightiest first. What neither of them tells is no difference. */
export function differencesOf(from: ReleaseSummary, to: ReleaseSummary): ReleaseDifference[] {
  return compared.flatMap(([what, read]) => {
    const [before, after] = [read(from), read(to)];
    return before === after ? [] : [{ what, from: before ?? "not known", to: after ?? "not known" }];
  });
}

/** The schema that a release left: a failed one wrote down only where it began. */
export function schemaOf({ schema }: Pick<ReleaseSummary, "schema">): string | null {
  return schema.after ?? schema.before;
}
