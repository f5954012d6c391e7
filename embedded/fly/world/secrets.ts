import { refuse } from "../refusal";
import { shortDigest } from "./ids";

export interface SecretRecord {
  name: string;
  value: string;
  digest: string;
  createdAt: number;
  updatedAt: number;
}

/** The secrets of an app, and the version that every change gives them. */
export class SecretBook {
  readonly #secrets = new Map<string, SecretRecord>();
  /** When each version was written. */
  readonly #written: number[] = [];

  constructor(private readonly now: () => number) {}

  get version(): number {
    return this.#written.length;
  }

  get all(): SecretRecord[] {
    return [...this.#secrets.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  get(name: string): SecretRecord {
    const found = this.#secrets.get(name);
    if (!found) throw refuse(404, "secret not found");
    return found;
  }

  /** Null removes one. A value that is the same leaves the time of its last change as it is. */
  write(values: Record<string, string | null>): number {
    for (const [name, value] of Object.entries(values)) {
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw refuse(400, `invalid_argument: secret name ${name}`);
      if (value === null) this.#secrets.delete(name);
      else this.set(name, value);
    }
    return this.#written.push(this.now());
  }

  /** Refuses whoever wants to see more than there is yet, or more than has come through in so long a time. */
  require(minVersion: number, lagMs: number): void {
    const visible = this.#written.filter((at) => at <= this.now() - lagMs).length;
    if (minVersion <= visible) return;
    throw refuse(412, `failed_precondition: secrets version ${minVersion} is not visible yet, at ${visible}`);
  }

  asEnv(): Record<string, string> {
    return Object.fromEntries(this.all.map(({ name, value }) => [name, value]));
  }

  private set(name: string, value: string): void {
    const old = this.#secrets.get(name);
    if (old?.value === value) return;
    const now = this.now();
    const createdAt = old?.createdAt ?? now;
    this.#secrets.set(name, { name, value, digest: shortDigest(value), createdAt, updatedAt: now });
  }
}
