import type { DeployWish } from "../wish";

/** The same wish with so many machines of a group in a region: what a deployment then does is no more than that. */
export function scaled(wish: DeployWish, group: string, region: string, count: number): DeployWish {
  const groups = wish.groups.map((one) =>
    one.name === group ? { ...one, counts: { ...one.counts, [region]: count } } : one,
  );
  return { ...wish, groups };
}
