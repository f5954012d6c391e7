/** A path of the API out of names that may hold any character. */
export function pathOf(...parts: string[]): string {
  return `/api/atlas/v2/${parts.map(encodeURIComponent).join("/")}`;
}
