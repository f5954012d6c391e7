import { MongoClient } from "mongodb";
import { FlyStack } from "../harness/fly-stack";

const database = "fly_mistakes";
let stack: FlyStack;

beforeAll(async () => {
  stack = await FlyStack.open({ database, app: { machines: 1 } });
  stack.push("1.0.0");
  // Makes the stack, and nothing at Fly: there is no such image.
  await stack.want("9.9.9");
  expect((await stack.dnd("up", "--yes")).code).not.toBe(0);
  expect(writes()).toBe(0);
}, 60_000);
afterAll(async () => {
  await stack.close();
  const client = await MongoClient.connect(process.env.TEST_MONGODB_URI ?? "");
  await client.db(database).dropDatabase();
  await client.db(`${database}_ops`).dropDatabase();
  await client.close();
});

const writes = () => stack.fly.requests.filter(({ method }) => method !== "GET").length;

interface Mistake {
  what: string;
  app?: Record<string, unknown>;
  env?: NodeJS.ProcessEnv;
  tag?: string;
  words: RegExp;
}

const mistakes: Mistake[] = [
  { what: "a wrong token", env: { FLY_API_TOKEN: "another" }, words: /Set FLY_API_TOKEN to a token/ },
  { what: "no token", env: { FLY_API_TOKEN: "" }, words: /FLY_API_TOKEN is not set/ },
  {
    what: "an organization that is not there",
    app: { organization: "nobody" },
    words: /there is no organization nobody[\s\S]*app\.organization/,
  },
  {
    what: "a name that is another's",
    app: { name: "taken" },
    words: /app taken belongs to organization others[\s\S]*another name/,
  },
  {
    what: "a region that is not there",
    app: { regions: ["xyz"] },
    words: /there is no region xyz at Fly; there are .*iad/,
  },
  {
    what: "a size that is not there",
    app: { size: "shared-cpu-3x" },
    words: /3 shared cpus: 1, 2, 4, 6, 8 are possible/,
  },
  {
    what: "memory that the size cannot have",
    app: { memory: 100_096 },
    words: /100096 MB for 2 shared cpus: 512 to 4096/,
  },
  { what: "an image that is not there", tag: "9.9.9", words: /there is no image/ },
];

test.each(mistakes)(
  "a preview refuses $what in words, and writes nothing",
  async ({ app, env, tag, words }) => {
    if (!stack.fly.world.apps.has("taken"))
      stack.fly.world.addApp({
        name: "taken",
        organization: "others",
        network: "default",
        idempotencyKey: undefined,
      });
    const usual = {
      organization: "guild",
      name: "tracker",
      regions: ["iad"],
      size: "shared-cpu-2x",
      memory: 2048,
    };
    await stack.want(tag ?? "1.0.0", { ...usual, ...app });
    const before = writes();
    const { code, stdout, stderr } = await stack.dndWith(env ?? {}, "preview");
    expect(stdout + stderr).toMatch(words);
    // An image is looked for by the program of the stack, whose errors the engine prints with their place.
    if (tag === undefined) expect(stdout + stderr).not.toMatch(/\n\s+at /);
    expect(code).not.toBe(0);
    expect(writes()).toBe(before);
  },
);
