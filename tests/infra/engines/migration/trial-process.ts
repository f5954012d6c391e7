import { tryMigrations } from "../../../../infra/engines/migration";

/** A trial in a process of its own, for tests that kill it: the folder is its argument. */
async function main(): Promise<void> {
  const [folder = ""] = process.argv.slice(2);
  const progress = (message: string) => void process.stdout.write(`${message}\n`);
  await tryMigrations({ address: null, folder, phase: "all", progress });
}

main().catch((error: Error) => {
  process.stdout.write(`ended with ${error.message}\n`);
  process.exitCode = 1;
});
