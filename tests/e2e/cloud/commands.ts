import { join } from "node:path";
import { loginOf } from "../../../infra/drivers/mongo";
import type { PreflightReport } from "../../../infra/engines/preflight";
import { projectRoot, Secret } from "../../../infra/support";
import type { CloudStack } from "../../harness/cloud-stack";
import { dnd } from "../../ops/dnd";

const patience = 600_000;
const store = "s3://dnd-tracker-staging-111122223333?encryption=AES256";

/** Without an address of the database anywhere, as whoever deploys has it. */
function command(stack: CloudStack, ...args: string[]) {
  const known = { MONGODB_DB_NAME: "tracker", DND_DATABASE_KEY: stack.secrets.key };
  return dnd([...args, "--stack", "staging", "--json"], { ...stack.env, ...known });
}

async function gatesOf(stack: CloudStack): Promise<Record<string, string>> {
  const { stdout } = await command(stack, "check", "--strict");
  const { gates } = JSON.parse(stdout) as PreflightReport;
  return Object.fromEntries(gates.map(({ gate, state, reason }) => [gate, `${state}: ${reason}`]));
}

/** Holds the commands about a stack with a cluster of its own to what they say before it is there. */
export function servesBeforeTheFirstUp(stackOf: () => CloudStack): void {
  test(
    "check finds no database and no bucket before the first up, and no fault in that",
    async () => {
      const gates = await gatesOf(stackOf());
      expect(gates["archive space"]).toMatch(/^ok: no bucket/);
      expect(gates["settings and secrets"]).not.toContain("MONGODB_URI");
    },
    patience,
  );
}

/** Holds them to what they do once it is up. */
export function servesAStackThatIsUp(stackOf: () => CloudStack): void {
  describe("a command about it", () => {
    test(
      "finds database and bucket by itself: release list, verify, backup create, and check",
      async () => {
        const stack = stackOf();
        const listed = await command(stack, "release", "list");
        expect(listed.stderr).toBe("");
        expect(JSON.parse(listed.stdout)).toMatchObject([{ number: 1 }]);
        expect((await command(stack, "verify", "--url", stack.url)).code).toBe(0);
        const made = await command(stack, "backup", "create");
        expect(made.code).toBe(0);
        const kept = JSON.parse((await command(stack, "backup", "list")).stdout) as { archives: object[] };
        expect(kept).toMatchObject({ store });
        expect(kept.archives.length).toBeGreaterThanOrEqual(1);
        const gates = await gatesOf(stack);
        expect(gates["archive space"]).toMatch(/^ok: s3:\/\/dnd-tracker-staging-111122223333/);
        expect(gates["database version"]).toMatch(/^warn: .* serves, the settings name 8\.0/);
      },
      patience,
    );

    test(
      "logs in on a machine of the app's as its work needs it, and nobody else learns how",
      async () => {
        const stack = stackOf();
        const file = join(stack.folder, "Pulumi.staging.yaml");
        const on = ["--stack", "staging", "--json"];
        const cli = [process.execPath, join(projectRoot, "ops", "dnd.cjs")];
        const there = `DND_DIR=${join(stack.folder, "there")}`;
        const wanted = ["--config-file", file, "--as", "migration", "--env", there];
        const run = await dnd(
          ["fly", "run", ...on, ...wanted, "--", ...cli, "migrate", "plan", ...on],
          stack.env,
        );
        expect(run.code).toBe(0);
        expect(JSON.parse(run.stdout)).toMatchObject({ exitCode: 0, result: { pending: [] } });
        const { password } = loginOf("migration", { key: new Secret(stack.secrets.key), rotation: 1 });
        expect(run.stdout + run.stderr).not.toContain(password);
        const left = JSON.stringify(stack.fly.world.app("tracker").living.map(({ config }) => config));
        expect(left).not.toContain(password);
      },
      patience,
    );

    test("leaves this machine on no access list", () => {
      expect(stackOf().servers.api.entries).toEqual([]);
    });
  });
}
