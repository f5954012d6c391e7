import { refusePlainly } from "../refusal";

/** How far the validation of a host name is. */
export interface CertificateProgress {
  /** The DNS is as it has to be. */
  dnsReady: boolean;
  rateLimitedUntil?: number | undefined;
  errors?: { code: string; message: string; remediation: string }[];
}

export interface CertificateRecord {
  hostname: string;
  createdAt: number;
  acme: boolean;
  custom: { fullchain: string } | undefined;
  progress: CertificateProgress;
}

/** The host names of an app and their certificates. */
export class CertificateBook {
  readonly #all = new Map<string, CertificateRecord>();

  constructor(private readonly now: () => number) {}

  get all(): CertificateRecord[] {
    return [...this.#all.values()].sort((a, b) => (a.hostname < b.hostname ? -1 : 1));
  }

  get(hostname: string): CertificateRecord {
    const found = this.#all.get(hostname);
    if (!found) throw refusePlainly(404, "certificate not found");
    return found;
  }

  requestAcme(hostname: string): CertificateRecord {
    const record = this.ensure(hostname);
    record.acme = true;
    return record;
  }

  upload(hostname: string, fullchain: string): CertificateRecord {
    const record = this.ensure(hostname);
    record.custom = { fullchain };
    return record;
  }

  /** The host name goes with the last of its certificates. */
  remove(hostname: string, which: "acme" | "custom" | "all"): CertificateRecord {
    const record = this.get(hostname);
    if (which !== "custom") record.acme = false;
    if (which !== "acme") record.custom = undefined;
    if (!record.acme && !record.custom) this.#all.delete(hostname);
    return record;
  }

  private ensure(hostname: string): CertificateRecord {
    if (!/^(\*\.)?([a-z0-9-]+\.)+[a-z]{2,}$/i.test(hostname)) {
      throw refusePlainly(422, `Validation failed: Hostname ${hostname} is invalid`);
    }
    const record = this.#all.get(hostname) ?? {
      hostname,
      createdAt: this.now(),
      acme: false,
      custom: undefined,
      progress: { dnsReady: false },
    };
    this.#all.set(hostname, record);
    return record;
  }
}
