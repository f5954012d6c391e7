import { runMigrations } from "../../../../infra/engines/migration";

/** A run in a process of its own, for tests that stop it: uri, database, folder and lease are its arguments. */
async function main(): Promise<void> {
  const [uri = "", name = "", folder = "", leaseMs = "30000"] = process.argv.slice(2);
  await runMigrations({
    address: { uri, name, credentials: "none" },
    folder,
    phase: "all",
    release: null,
    lock: { leaseMs: Number(leaseMs), waitMs: Number(process.env.TEST_WAIT_MS ?? 60_000) },
    progress: (message) => process.stdout.write(`${message}\n`),
  });
}

main().catch((error: Error & { code?: string }) => {
  process.stdout.write(`ended with ${error.code ?? error.message}\n`);
  process.exitCode = 1;
});
