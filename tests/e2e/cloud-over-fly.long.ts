import { execFile } from "node:child_process";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { loginOf } from "../../infra/drivers/mongo";
import { projectRoot, Secret } from "../../infra/support";
import type { OperationResult } from "../../ops/engine";
import { CloudStack } from "../harness/cloud-stack";
import { copyCheckout } from "../harness/copy-checkout";
import { describeWith } from "../harness/tools";
import { complaintOf, type DndRun } from "../ops/dnd";

/** Fly counts one call a second, and the stand-in's client keeps to that. */
const patience = 600_000;
const withDnd = { folders: { "/dnd": projectRoot } };

describeWith("versitygw")("a stack whose database lets nobody in but the app (database.reach: fly)", () => {
  let stack: CloudStack;
  let checkout: string;

  beforeAll(async () => {
    // Only machines at Fly know where it is: whoever else tries to connect fails.
    stack = await CloudStack.open({ environment: "staging", clusterHost: "cluster.dungeon.test" });
    for (const tag of ["v1", "v2"]) stack.push(tag, withDnd);
    stack.push("bare");
    await stack.want({ app: { image: stack.imageOf("v1") }, database: { reach: "fly" } });
    checkout = join(stack.folder, "checkout");
    await copyCheckout(checkout);
    await cp(join(stack.folder, "Pulumi.staging.yaml"), join(checkout, "Pulumi.staging.yaml"));
  }, patience);
  afterAll(() => stack.close(), patience);

  const told = async (command: string, ...args: string[]) => {
    const run = await stack.dnd(command, "--json", ...args);
    return { ...run, result: JSON.parse(run.stdout) as OperationResult };
  };
  const errorsOf = ({ diagnostics }: OperationResult) =>
    diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);
  const changed = ({ steps }: OperationResult) =>
    steps.filter(({ op }) => op !== "same").map(({ urn }) => urn.split("::").at(-1));
  const machines = () => stack.fly.world.app("tracker").living;
  const outposts = () => machines().filter(({ config }) => config.metadata?.dnd_outpost);
  /** In a checkout with the settings of the stack, as a person types it. */
  async function command(...args: string[]): Promise<DndRun> {
    const { stdout, stderr, code } = await run(process.execPath, [join(checkout, "ops", "dnd.cjs"), ...args]);
    return { stdout, stderr, code, durationMs: 0 };
  }
  function run(file: string, args: string[]): Promise<Omit<DndRun, "durationMs">> {
    const env = { ...process.env, ...stack.env, DND_ENGINE: undefined };
    return new Promise((resolve) =>
      execFile(file, [...args, "--stack", "staging", "--json"], { env }, (error, stdout, stderr) =>
        resolve({ stdout, stderr, code: error ? Number(error.code) : 0 }),
      ),
    );
  }
  async function said({ soFar }: ReturnType<typeof stack.start>, words: RegExp): Promise<void> {
    while (!words.test(soFar.stdout + soFar.stderr)) {
      expect(soFar.code).toBeNull();
      await sleep(100);
    }
  }
  async function untilGone(): Promise<void> {
    for (let left = 150; outposts().length > 0 && left > 0; left--) await sleep(1000);
    expect(outposts()).toEqual([]);
  }

  test(
    "is planned before there is an app, and comes up: app and addresses first, then everything over a machine of the image",
    async () => {
      expect((await stack.dnd("up")).code).toBe(3);
      const { code, result, stderr } = await told("up", "--yes");
      expect(errorsOf(result)).toEqual([]);
      expect(code).toBe(0);
      expect(stderr).toMatch(/expand-migrations creating .*20261005090000 up/);
      expect(await stack.outputs()).toMatchObject({ release: { number: 1 }, archive: { verified: true } });
      expect(outposts()).toHaveLength(1);
      const [{ config }] = outposts() as [ReturnType<typeof outposts>[0]];
      expect(config.image).toBe(`${stack.imageOf("v1").replace(/:v1$/, "")}@${stack.digestOf("v1")}`);
      expect(config.services ?? []).toEqual([]);
    },
    patience,
  );

  test("never lets the machine that deploys in, and shows Fly no secret", () => {
    const { seen, entries } = stack.servers.api;
    expect(seen.filter(({ method, path }) => method === "POST" && path.includes("/accessList"))).toEqual([]);
    expect(entries).toEqual([]);
    const { password } = loginOf("migration", { key: new Secret(stack.secrets.key), rotation: 1 });
    const known = JSON.stringify(machines().map(({ config }) => config));
    for (const secret of [password, stack.secrets.key, "test-secret"]) expect(known).not.toContain(secret);
  });

  test(
    "changes nothing when nothing is changed, and is refreshed",
    async () => {
      const again = await told("up", "--yes", "--expect-no-changes");
      expect(errorsOf(again.result)).toEqual([]);
      expect(changed(again.result)).toEqual([]);
      expect(errorsOf((await told("refresh", "--yes")).result)).toEqual([]);
    },
    patience,
  );

  test(
    "is asked by every command: migrate status, backup create, release list, check",
    async () => {
      const status = await command("migrate", "status");
      expect(complaintOf(status)).toBe("");
      expect(JSON.parse(status.stdout)).toMatchObject({ schemaVersion: "20261109091000" });
      expect(complaintOf(await command("backup", "create"))).toBe("");
      expect(JSON.parse((await command("release", "list")).stdout)).toMatchObject([{ number: 1 }]);
      const { gates } = JSON.parse((await command("check")).stdout) as {
        gates: { gate: string; state: string }[];
      };
      expect(gates.find(({ gate }) => gate === "database")?.state).toBe("ok");
    },
    patience,
  );

  test(
    "goes on after a run that was killed: what worked for it stops and is gone by itself",
    async () => {
      await stack.want({ app: { image: stack.imageOf("v2") } });
      const killed = stack.start("up", "--yes");
      await said(killed, /backup updating/);
      killed.kill("SIGKILL");
      await killed.ended;
      await untilGone();
    },
    patience,
  );

  test(
    "refuses an image without dnd before anything is touched",
    async () => {
      await stack.dnd("cancel", "--yes");
      await stack.want({ app: { image: stack.imageOf("bare") } });
      const refused = await stack.dnd("preview");
      expect(refused.code).toBe(3);
      expect(refused.stdout + refused.stderr).toMatch(/Dockerfile\.monitor/);
      await stack.want({ app: { image: stack.imageOf("v2") } });
    },
    patience,
  );

  test(
    "releases another image with the steps of a release alone, over a machine of that image",
    async () => {
      const { result } = await told("up", "--yes");
      expect(errorsOf(result)).toEqual([]);
      const steps = ["app-machines", "backup", "contract-migrations", "expand-migrations"];
      expect(changed(result).sort()).toEqual([...steps, "preflight", "record", "verification"]);
      expect(outposts().some(({ config }) => config.image.endsWith(stack.digestOf("v2")))).toBe(true);
    },
    patience,
  );

  test(
    "goes away as a whole, the machine that worked for it too",
    async () => {
      const gone = await stack.dnd("destroy", "--yes", "--json");
      expect(errorsOf(JSON.parse(gone.stdout) as OperationResult)).toEqual([]);
    },
    patience,
  );
});
