import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { projectRoot } from "../../infra/support";

let bin: string;

/** A `node` that tells what it was asked to run, and runs nothing. */
beforeAll(() => {
  bin = mkdtempSync(join(tmpdir(), "dnd-scripts-"));
  writeFileSync(join(bin, "node"), '#!/bin/sh\necho "$@"\n');
  chmodSync(join(bin, "node"), 0o700);
});
afterAll(() => rmSync(bin, { recursive: true, force: true }));

function run(script: string, env: Record<string, string>, ...args: string[]) {
  const { PATH = "" } = process.env;
  const { status, stdout, stderr } = spawnSync(join(projectRoot, "scripts", script), args, {
    cwd: bin,
    env: { PATH: `${bin}${delimiter}${PATH}`, ...env },
    encoding: "utf8",
  });
  return { status, line: stdout.trim(), stderr };
}

test.each([
  [{}, "up --stack local"],
  [{ DEPLOY_ENV: "staging" }, "up --stack staging"],
  [{ DEPLOY_ENV: "production", DRY_RUN: "true" }, "preview --stack production"],
])("deploy-with-migrations.sh with %j is dnd %s", (env, command) => {
  expect(run("deploy-with-migrations.sh", env).line).toBe(`ops/dnd.cjs ${command}`);
});

test.each([
  [{}, "rollback auto --stack local"],
  [{ ROLLBACK_TYPE: "app", DEPLOY_ENV: "staging" }, "rollback app --stack staging"],
  [{ ROLLBACK_TYPE: "migration" }, "rollback migration --steps 1 --stack local"],
  [{ ROLLBACK_TYPE: "migration", MIGRATION_STEPS: "3" }, "rollback migration --steps 3 --stack local"],
  [
    { ROLLBACK_TYPE: "database", BACKUP_PATH: "/backups/a.archive.gz" },
    "rollback database --backup /backups/a.archive.gz --stack local",
  ],
  [
    { ROLLBACK_TYPE: "database", BACKUP_PATH: "20261101-r3" },
    "rollback database --backup 20261101-r3 --stack local",
  ],
  [
    { FORCE_ROLLBACK: "true", ROLLBACK_TYPE: "auto", DEPLOY_ENV: "production" },
    "rollback auto --yes --stack production",
  ],
])("rollback-deployment.sh with %j is dnd %s", (env, command) => {
  expect(run("rollback-deployment.sh", env).line).toBe(`ops/dnd.cjs ${command}`);
});

test("rollback-deployment.sh means a path from where it was typed, and hands on what follows", () => {
  const env = { ROLLBACK_TYPE: "full", BACKUP_PATH: "./old/a.archive.gz" };
  const { line } = run("rollback-deployment.sh", env, "--to", "12");
  expect(line).toMatch(
    /^ops\/dnd\.cjs rollback full --backup \/.*\/\.\/old\/a\.archive\.gz --stack local --to 12$/,
  );
});

test.each([
  ["deploy.sh", "ENVIRONMENT BRANCH"],
  ["deploy-with-migrations.sh", "DEPLOY_TIMEOUT"],
  ["backup-database.sh", "BACKUP_RETENTION_DAYS"],
  ["restore-database.sh", "RESTORE_DRY_RUN"],
  ["rollback-deployment.sh", "MIGRATION_STEPS"],
])("%s --help tells its variables and runs nothing", (script, variable) => {
  const { status, line } = run(script, {}, "--help");
  expect(status).toBe(0);
  expect(line).toContain(variable);
  expect(line).not.toMatch(/dnd\.cjs|^#/m);
});

test("deploy.sh refuses an environment that there is not, and a branch that is not checked out", () => {
  expect(run("deploy.sh", {}, "moon", "main")).toMatchObject({ status: 2, line: "" });
  const other = run("deploy.sh", {}, "staging", "no-such-branch");
  expect(other.status).toBe(2);
  expect(other.stderr).toContain("git switch no-such-branch");
});

test.each(["soon", "0", "-3", "1.5"])(
  "a retention of %j days is refused before an archive is taken",
  (days) => {
    const { status, line, stderr } = run("backup-database.sh", { BACKUP_RETENTION_DAYS: days });
    expect([status, line]).toEqual([2, ""]);
    expect(stderr).toContain("1 or more");
  },
);
