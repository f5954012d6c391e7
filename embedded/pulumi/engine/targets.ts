import type { ResourceState } from "../deployment";

/** Which resources an operation may touch; without any target, all of them. */
export class Targets {
  readonly #urns: Set<string>;
  readonly #patterns: RegExp[];

  constructor(
    targets: readonly string[],
    readonly dependents: boolean,
  ) {
    this.#urns = new Set(targets.filter((target) => !target.includes("*")));
    this.#patterns = targets.filter((target) => target.includes("*")).map(patternOf);
  }

  get everything(): boolean {
    return this.#urns.size === 0 && this.#patterns.length === 0;
  }

  includes(urn: string): boolean {
    return this.everything || this.#urns.has(urn) || this.#patterns.some((pattern) => pattern.test(urn));
  }

  /** Takes a resource along when it hangs on one that is taken and dependents were asked for. */
  includesAlong(urn: string, hangsOn: readonly string[]): boolean {
    if (this.includes(urn)) return true;
    if (!this.dependents || !hangsOn.some((one) => this.#urns.has(one))) return false;
    this.#urns.add(urn);
    return true;
  }

  /** Targets that no resource of the state has. */
  unknown(resources: readonly ResourceState[]): string[] {
    const known = new Set(resources.map((state) => state.urn));
    return [...this.#urns].filter((urn) => !known.has(urn));
  }
}

/** `**` stands for anything, `*` for anything but a colon. */
function patternOf(target: string): RegExp {
  const source = target.split("**").map((part) =>
    part
      .split("*")
      .map((text) => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
      .join("[^:]*"),
  );
  return new RegExp(`^${source.join(".*")}$`);
}
