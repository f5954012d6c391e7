import { join } from "node:path";
import type { Neighbours, PreflightWishes } from "../../../../infra/engines/preflight";
import { projectRoot } from "../../../../infra/support";

/** Neighbours to whom nothing has happened yet. */
export const calmNeighbours: Neighbours = {
  reviewMigrations: async () => ({ problems: [], findings: [] }),
  planMigrations: async () => ({ pending: [], problems: [] }),
  checksumsOf: () => ({}),
  estimateBackup: async () => ({ bytes: 1000 }),
  listDescribed: async () => [],
  newestRelease: async () => null,
  newestDone: async () => null,
  openAlerts: async () => [],
};

/** A release that every gate lets through. */
export function calmWishes(name: string, store: string): PreflightWishes {
  return {
    environment: "production",
    strict: true,
    direction: "forward",
    address: { uri: process.env.TEST_MONGODB_URI ?? "", name, credentials: "none" },
    addressProblem: null,
    release: 5,
    image: { name: "tracker", version: "1.2.0", digest: `sha256:${"a".repeat(64)}` },
    imageProblem: null,
    commit: "0123456789abcdef0123456789abcdef01234567",
    needed: [{ name: "MONGODB_URI", problem: null }],
    migrations: { folder: join(projectRoot, "migrations"), requireDown: false, schema: null, skip: false },
    backup: { store, restoreTest: true },
    connections: 90,
    rules: {
      window: null,
      freeze: [],
      restoreTestWithinMs: 35 * 86_400_000,
      proof: { wanted: false, withinMs: 86_400_000, signers: null },
      approvals: null,
    },
    promotion: null,
  };
}
