import { MongoClient, type Db } from "mongodb";
import { beginRelease, finishRelease } from "../../../infra/engines/release";
import { whileBeating } from "../../../infra/resources/release-heartbeat";
import { asReleaseStep } from "../../../infra/resources/release-step";
import { OperatorError } from "../../../infra/support";

const name = "release_step";
let client: MongoClient;
let ops: Db;
let runBy: string | undefined;

beforeAll(async () => {
  runBy = process.env.DND_RUN_BY;
  Reflect.deleteProperty(process.env, "DND_RUN_BY");
  client = await MongoClient.connect(process.env.TEST_MONGODB_URI ?? "");
  ops = client.db(`${name}_ops`);
  await ops.dropDatabase();
  const image = { name: "app", version: "1.0.0", digest: "sha256:1" };
  const beginning = { environment: "development", image, schemaBefore: null, why: [], commit: null };
  await beginRelease(ops, { ...beginning, number: 1 });
  await finishRelease(ops, 1, { schemaAfter: null, archive: null });
  await beginRelease(ops, { ...beginning, number: 2 });
});
afterAll(async () => {
  if (runBy !== undefined) process.env.DND_RUN_BY = runBy;
  await ops.dropDatabase();
  await client.close();
});

function failIn(release: number): Promise<unknown> {
  const address = { uri: process.env.TEST_MONGODB_URI ?? "", name, credentials: "none" } as const;
  const failure = new OperatorError({ code: "broken", message: "it broke", remedy: "Mend it." });
  return asReleaseStep({ address, release, stack: "dev", name: "app-machines", inputs: {} }, () =>
    Promise.reject(failure),
  );
}

describe("a step that fails", () => {
  test("names the command that takes back what its release left", async () => {
    await expect(failIn(2)).rejects.toThrow("`dnd rollback full --stack dev` takes back what release 2 left");
  });

  test("names none where its release ended well before and was only mended", async () => {
    await expect(failIn(1)).rejects.toThrow(/^it broke\n {2}Mend it\.$/);
  });
});

test("a step says that it lives for as long as it takes, whatever becomes of a beat", async () => {
  let beats = 0;
  let enough: () => void = () => undefined;
  const beaten = new Promise<void>((resolve) => (enough = resolve));
  const beat = async () => {
    beats += 1;
    if (beats === 3) enough();
    if (beats === 1) throw new Error("the journal is away");
  };
  expect(await whileBeating(beat, () => beaten.then(() => "done"), 1)).toBe("done");
  const then = beats;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(beats).toBe(then);
});
