import type { Observed } from "./observed";
import type { Sampled } from "./sample";

const manyDocuments = 500_000;

/** Indexes that took no time on a sample and will on the live collection. */
export function longIndexBuilds({ schema }: Observed, sampled: Sampled[]): string[] {
  return sampled
    .filter(({ live }) => live >= manyDocuments)
    .filter(({ collection }) =>
      schema.some((line) => new RegExp(`^createIndex(es)? ${escaped(collection)}( |$)`).test(line)),
    )
    .map(
      ({ collection, live }) =>
        `it builds an index over ${live} documents of ${collection}: that takes longer there, and slows writes meanwhile`,
    );
}

function escaped(text: string): string {
  return text.replaceAll(/\W/g, "\\$&");
}
