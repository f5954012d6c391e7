import { runMigrations } from "../../../../infra/engines/migration";

/** A run in a process of its own, for tests that kill it: uri, database and folder are its arguments. */
async function main(): Promise<void> {
  const [uri = "", name = "", folder = ""] = process.argv.slice(2);
  await runMigrations({
    address: { uri, name, credentials: "none" },
    folder,
    phase: "all",
    release: null,
    progress: (message) => process.stdout.write(`${message}\n`),
  });
}

void main();
