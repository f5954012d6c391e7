/** The package is written as an ES module and loaded only where something is encrypted. */
export function loadAge(): Promise<typeof import("age-encryption")> {
  return import("age-encryption");
}
