/** Matches all images of a version by the index of `_id`, which begins with it. */
export function ofVersion(version: string): { $gte: string; $lt: string } {
  return { $gte: `${version}/`, $lt: `${version}0` };
}
