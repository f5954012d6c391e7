import type { ReleaseArgs } from "../components/release";
import { connectionsOf } from "./connection-budget";
import { encrypted, signingSecrets } from "./secret-paths";
import type { Settings } from "./settings";

/** As many characters as a secret needs before nobody guesses it. */
const secretLength = 32;

type NeededSetting = ReleaseArgs["gates"]["needed"][number];

/** What the gates of a release are told by its settings. */
export function gatesWanted(settings: Settings, environment: NodeJS.ProcessEnv = process.env) {
  const { backup, migrations, release } = settings;
  const { window, freeze, restoreTestWithin, proof, approvals, strict } = release;
  return {
    strict: strict ?? settings.environment === "production",
    needed: neededOf(settings, environment),
    folder: migrations.folder,
    schema: migrations.schema ?? null,
    requireDown: migrations.requireDown,
    skipMigrations: migrations.skip,
    backup: backup.enabled ? { store: backup.store, restoreTest: backup.restoreTest } : null,
    connections: connectionsOf(settings),
    version: settings.database.version ?? null,
    rules: {
      window: window ?? null,
      freeze,
      restoreTestWithinMs: restoreTestWithin,
      proof: {
        wanted: proof.wanted ?? settings.environment !== "development",
        withinMs: proof.within,
        signers: proof.signers ?? null,
      },
      approvals: approvals ?? null,
    },
  };
}

/** What a stack cannot do without, and what is wrong with it. A stack on this machine brings all of it itself. */
function neededOf({ database, app }: Settings, environment: NodeJS.ProcessEnv): NeededSetting[] {
  if (database.kind === "embedded") return [];
  const secret = app.secrets.NEXTAUTH_SECRET?.reveal();
  return [
    { name: "FLY_API_TOKEN", problem: environment.FLY_API_TOKEN ? null : "is not in the environment" },
    ...databaseNeeds(database, environment),
    judged("app.secrets.NEXTAUTH_SECRET", secret),
    ...signingSecrets.flatMap((name) => {
      const given = app.secrets[name];
      return given ? [judged(`app.secrets.${name}`, given.reveal())] : [];
    }),
    { name: "app.env.NEXTAUTH_URL", problem: app.env.NEXTAUTH_URL ? null : "is not set" },
  ];
}

/** A cluster of the stack's own has users by its key, and no address that anybody could be given. */
function databaseNeeds(database: Settings["database"], environment: NodeJS.ProcessEnv) {
  if (database.kind === "atlas") return [judged("database.key", database.key?.reveal())];
  return [{ name: "MONGODB_URI", problem: environment.MONGODB_URI ? null : "is not in the environment" }];
}

/** A secret that signs or encrypts: none is one thing, one that can be guessed another. */
function judged(name: string, secret: string | undefined): NeededSetting {
  if (secret === undefined) return { name, problem: "is not set" };
  // What stands encrypted in a file is known to be set, and no more.
  if (secret === encrypted || secret.length >= secretLength) return { name, problem: null };
  return {
    name,
    problem: `has ${secret.length} characters, at least ${secretLength} are safe`,
    weak: true,
  };
}
