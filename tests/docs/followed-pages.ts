/** Pages that a reader follows on one stack, in this order: each begins with `dnd up`, and the last takes it down. */
export const followedOnOneStack = [
  "rollback.md",
  "releases.md",
  "backups.md",
  "maintenance.md",
  "incidents.md",
  "daily-work.md",
  "local-stack.md",
] as const;

/** Pages whose commands other tests type, with the file that does. */
export const followedElsewhere: Readonly<Record<string, string>> = {
  "migrations.md": "tests/docs/pages.test.ts",
  "first-deployment.md": "tests/docs/first-deployment.test.ts",
};
