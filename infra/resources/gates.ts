import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import type { DatabaseAddress } from "../drivers/mongo";
import type {
  GateRules,
  NeededSetting,
  PreflightReport,
  PreflightWishes,
  PromotionWish,
} from "../engines/preflight";
import type { Image, ReleaseDetails } from "../engines/release";
import { projectRoot } from "../support";
import { isUnknown, type LifecycleContext } from "./lifecycle";

/** What the gates of a release are told by the stack's settings. */
export interface GateWishes {
  strict: boolean;
  needed: NeededSetting[];
  /** Relative to the checkout. */
  folder: string;
  requireDown: boolean;
  skipMigrations: boolean;
  schema: { min: string; max: string } | null;
  backup: PreflightWishes["backup"];
  /** What machines and runs may have open during a release. */
  connections: number;
  /** The server's version that the settings name; missing in a state of an earlier edition. */
  version?: string | null;
  rules: GateRules;
  /** Missing in a state of an earlier edition. */
  promotion?: PromotionWish | null;
}

/** The same as a program gives them, which may not know yet where archives go. */
export type GivenGates = Omit<GateWishes, "backup" | "promotion"> & {
  promotion?: pulumi.Input<PromotionWish | null>;
  backup: { store: pulumi.Input<string | null>; restoreTest: boolean } | null;
};

interface Judged {
  release: number | null;
  environment: string;
  address: DatabaseAddress;
  image: Image;
  commit: string | null;
  details?: ReleaseDetails;
  gates?: GateWishes;
}

/** Looks at every gate of a release; undefined where its settings name none, as in a state of an earlier edition. */
export async function judgeGates(
  { release, environment, address, image, commit, details, gates }: Judged,
  { signal, progress }: LifecycleContext,
): Promise<PreflightReport | undefined> {
  if (!gates) return undefined;
  const { folder, requireDown, skipMigrations: skip, schema, backup, promotion, ...wished } = gates;
  const unmade = isUnknown(backup?.store);
  const { runGates } = require("../engines/preflight") as typeof import("../engines/preflight");
  return runGates(
    {
      ...{
        release,
        environment,
        address,
        image,
        commit,
        imageProblem: null,
        addressProblem: null,
        ...wished,
        promotion: promotion ?? null,
        backup: backup && unmade ? { ...backup, store: null } : backup,
      },
      direction: (details?.kind ?? "forward") === "forward" ? "forward" : "rollback",
      migrations: { folder: join(projectRoot, folder), requireDown, skip, schema },
    },
    {
      ...(require("../engines/migration") as typeof import("../engines/migration")),
      ...(require("../engines/backup") as typeof import("../engines/backup")),
      ...(require("../engines/release") as typeof import("../engines/release")),
      openAlerts: (require("../engines/alerts") as typeof import("../engines/alerts")).openAlerts,
    },
    { signal, progress },
  );
}
