import type { DatabaseAddress } from "../../drivers/mongo";
import { refuseQuarantined, type Quarantined } from "./quarantine";
import type { MachinesOverride } from "./overrides";
import type { Image, Release } from "./release";
import { servingRelease } from "./rollback-target";

/** A migration that waits, as much of it as a plan shows. */
export interface PendingMigration {
  version: string;
  description: string;
  phase: "expand" | "contract";
  reversible: boolean;
}

/** What the archive of this release would hold, as far as a look can tell. */
export interface ExpectedArchive {
  collections: number;
  documents: number;
  bytes: number;
  /** As long as the earlier ones took; null before the first. */
  durationMs: number | null;
}

export interface MigrationState {
  schemaVersion: string | null;
  pending: PendingMigration[];
  problems: string[];
}

/** What the operations' database says of earlier releases. */
export interface JournalSeen {
  newest: Release | null;
  done: Release | null;
  /** Images that are not to be deployed. */
  quarantine?: Quarantined[];
  /** Another number of machines than the settings want. */
  override?: MachinesOverride | null;
}

/** How planning looks at the world; every look is read-only. */
export interface Observers {
  /** The wanted image, from the sources or the registry. */
  image(): Promise<Image>;
  /** Where the database is, or why it cannot be looked at; one that is known to be ready is taken as it is. */
  database(
    known: DatabaseAddress | undefined,
  ): Promise<
    { state: "new" } | { state: "down"; why?: string } | { state: "ready"; address: DatabaseAddress }
  >;
  migrations(address: DatabaseAddress | null): Promise<MigrationState>;
  newestRelease(address: DatabaseAddress): Promise<JournalSeen>;
  estimate(address: DatabaseAddress): Promise<ExpectedArchive | null>;
}

export interface PlanPolicy {
  backup: boolean;
  skipMigrations: boolean;
}

/** What a release would do, known in the preview already. */
export interface ReleasePlan {
  /** The release that this run is about; null when the database is down, for then nobody can know. */
  number: number | null;
  /** False: everything is as wanted and nothing happens. */
  todo: boolean;
  why: string[];
  database: "new" | "down" | "ready";
  image: Image;
  runningImage: Image | null;
  schemaBefore: string | null;
  pending: PendingMigration[];
  problems: string[];
  /** How many machines an override wants; null where the settings say it. */
  machines: number | null;
  backup: { wanted: boolean; expected: ExpectedArchive | null };
}

const noJournal: JournalSeen = { newest: null, done: null };

/** Looks at database, journal and image and says what the release would do. Reads only. */
export async function planRelease(
  observers: Observers,
  policy: PlanPolicy,
  known?: DatabaseAddress,
): Promise<ReleasePlan> {
  const [image, database] = await Promise.all([observers.image(), observers.database(known)]);
  if (database.state === "down") return planBlind(image, database.why);
  const address = database.state === "ready" ? database.address : null;
  const [migrations, journal, expected] = await Promise.all([
    observers.migrations(address),
    address ? observers.newestRelease(address) : noJournal,
    address && policy.backup ? observers.estimate(address) : null,
  ]);
  const serving = servingRelease({ releases: [journal.newest, journal.done].filter((one) => one !== null) });
  const images = { running: journal.done?.image ?? null, serving: serving?.image ?? null };
  refuseQuarantined(image, images, journal.quarantine ?? []);
  const pending = policy.skipMigrations ? [] : migrations.pending;
  const why = reasons(journal, image, pending);
  const number = journal.newest?._id ?? 0;
  return {
    number: why.length > 0 ? number + 1 : number,
    todo: why.length > 0,
    why,
    database: database.state,
    image,
    runningImage: journal.done?.image ?? null,
    schemaBefore: migrations.schemaVersion,
    pending,
    problems: [...migrations.problems, ...(why.length > 0 ? whyResting(journal) : [])],
    machines: journal.override?.count ?? null,
    backup: { wanted: policy.backup && why.length > 0, expected },
  };
}

/** A release cannot be verified where nothing is to run. */
function whyResting({ override }: JournalSeen): string[] {
  if (override?.count !== 0) return [];
  const { by, reason, expires } = override;
  return [
    `${by} has scaled the app to no machine until ${expires.toISOString()} (${reason}): \`dnd scale --clear\` ends that`,
  ];
}

function reasons(journal: JournalSeen, image: Image, pending: PendingMigration[]): string[] {
  const why: string[] = [];
  if (!journal.newest) why.push("first release");
  else if (journal.newest.state !== "done") why.push(`release ${journal.newest._id} did not end well`);
  if (journal.done && journal.done.image.digest !== image.digest) {
    const before = journal.done.image.version;
    why.push(
      before === image.version
        ? `image ${before}, built of other sources`
        : `image ${before} to ${image.version}`,
    );
  }
  if (pending.length > 0)
    why.push(`${pending.length} pending ${pending.length === 1 ? "migration" : "migrations"}`);
  return why;
}

/** With the database down nothing can be planned but its return; the run that mends it plans again. */
function planBlind(
  image: Image,
  why = "the database is down: the plan is made when it is back",
): ReleasePlan {
  return {
    number: null,
    todo: false,
    why: [why],
    database: "down",
    image,
    runningImage: null,
    schemaBefore: null,
    pending: [],
    problems: [],
    machines: null,
    backup: { wanted: false, expected: null },
  };
}
