import { randomBytes } from "node:crypto";

export interface Release {
  id: string;
  version: number;
  status: string;
  image: string;
  strategy: string;
  description: string;
  definition: unknown;
  createdAt: number;
}

/** What Fly's own tool writes down of its deployments. */
export class ReleaseBook {
  /** Newest first. */
  readonly all: Release[] = [];

  constructor(private readonly now: () => number) {}

  add(release: Pick<Release, "image" | "strategy" | "definition">): Release {
    const made: Release = {
      ...release,
      id: randomBytes(9).toString("base64url"),
      version: (this.all[0]?.version ?? 0) + 1,
      status: "pending",
      description: "Release",
      createdAt: this.now(),
    };
    this.all.unshift(made);
    return made;
  }
}
