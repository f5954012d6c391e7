import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { MongoClient } from "mongodb";
import { S3Store } from "../../infra/drivers/store/s3";
import { CloudStack } from "../harness/cloud-stack";
import { describeWith } from "../harness/tools";
import { complaintOf, dnd } from "../ops/dnd";

const patience = 600_000;
const database = "lost_guild";
const bucket = "dnd-tracker-staging-111122223333";
const replica = `${bucket}-eu-west-1`;
const uri = process.env.TEST_MONGODB_URI ?? "";

describeWith("versitygw")(
  "a stack of the cloud that is lost with its state, but for buckets and the recovery key",
  () => {
    let stack: CloudStack;
    let key: string;
    let atlasIsDone = () => {};
    const clusterMade = new Promise<void>((resolve) => (atlasIsDone = resolve));

    beforeAll(async () => {
      const { generateX25519Identity, identityToRecipient } = await import("age-encryption");
      const [recovery, another] = [await generateX25519Identity(), await generateX25519Identity()];
      stack = await CloudStack.open({ environment: "staging", clusterMade });
      stack.push("v1");
      await stack.want({
        app: { image: stack.imageOf("v1") },
        database: { name: database },
        backup: {
          recoveryRecipient: await identityToRecipient(recovery),
          bucket: { replicaRegion: "eu-west-1" },
        },
      });
      key = join(stack.folder, "recovery.key");
      await writeFile(key, `${recovery}\n`, { mode: 0o600 });
      await writeFile(`${key}.wrong`, `${another}\n`, { mode: 0o600 });
      // Of all that was there, the buckets are left; somebody has emptied the first.
      for (const name of [bucket, replica]) await mkdir(join(stack.servers.s3.folder, name));
      await archived(await identityToRecipient(recovery));
    }, patience);
    afterAll(() => stack.close(), patience);

    /** An archive of the lost stack's data, in the copy of its bucket alone. */
    async function archived(recipient: string): Promise<void> {
      const env = { ...stack.env, MONGODB_URI: uri, MONGODB_DB_NAME: database };
      const client = await MongoClient.connect(uri);
      try {
        expect(complaintOf(await dnd(["migrate", "up", "--db", database, "--yes"], env))).toBe("");
        await client.db(database).collection("parties").insertOne({ name: "kept", createdAt: new Date() });
        const to = ["--db", database, "--store", `s3://${replica}`, "--environment", "staging"];
        expect(complaintOf(await dnd(["backup", "create", ...to, "--recipient", recipient], env))).toBe("");
      } finally {
        for (const name of [database, `${database}_ops`]) await client.db(name).dropDatabase();
        await client.close();
      }
    }

    const words = (store: string, identity = key) => [
      "--from-nothing",
      "--store",
      store,
      "--identity",
      identity,
    ];
    const deeds = () => [...stack.servers.aws.deeds, ...stack.servers.atlas.deeds].length;

    test(
      "is not begun with what cannot bring it back, nor before somebody says yes: nothing is made",
      async () => {
        const refused = async (store: string, identity?: string) => {
          const { code, stderr } = await stack.dnd("recover", ...words(store, identity), "--yes");
          return `${code}: ${stderr}`;
        };
        expect(await refused(`s3://${bucket}`)).toMatch(
          /^3: .*has no good archive of lost_guild in staging/s,
        );
        expect(await refused(`s3://${replica}`, `${key}.wrong`)).toMatch(
          /^3: .*none of the private keys that were given opens/s,
        );
        const asked = await stack.dnd("recover", ...words(`s3://${replica}`));
        expect({ code: asked.code, stderr: asked.stderr }).toMatchObject({
          code: 3,
          stderr: expect.stringContaining(`the bucket ${bucket} is there, and is taken over`),
        });
        expect(deeds()).toBe(0);
        expect(stack.fly.world.apps.size).toBe(0);
      },
      patience,
    );

    test(
      "comes back from the copy of its bucket: cut off while Atlas makes the cluster, the same command goes on",
      async () => {
        const running = stack.start("recover", ...words(`s3://${replica}`), "--yes");
        let over = false;
        void running.ended.then(() => (over = true));
        while (!over && stack.servers.api.cluster.name === null) await sleep(20);
        running.kill("SIGINT");
        const { code, stdout, stderr } = await running.ended;
        expect({ code, said: code === 130 ? "" : stdout + stderr }).toEqual({ code: 130, said: "" });
        atlasIsDone();
        expect(complaintOf(await stack.dnd("recover", ...words(`s3://${replica}`), "--yes"))).toBe("");
        const answer = await fetch(`${stack.url}/api/parties`);
        expect(await answer.json()).toMatchObject({ parties: [{ name: "kept" }] });
        expect(stack.servers.aws.things("aws:s3/bucket:Bucket").map((one) => one.bucket)).toEqual([
          bucket,
          replica,
        ]);
      },
      patience,
    );

    test(
      "is a stack like any other then: it has an archive of its own, nothing is left to change, and it is not nothing any more",
      async () => {
        const own = await new S3Store({ ...stack.servers.s3.place(""), bucket }).list();
        expect(own.some(({ name }) => name.startsWith(`${database}/`) && name.endsWith(".json"))).toBe(true);
        expect(complaintOf(await stack.dnd("preview", "--expect-no-changes"))).toBe("");
        const again = await stack.dnd("recover", ...words(`s3://${replica}`), "--yes");
        expect({ code: again.code, stderr: again.stderr }).toMatchObject({
          code: 3,
          stderr: expect.stringContaining("is not nothing"),
        });
      },
      patience,
    );
  },
);
