import { first } from "../infra/engines/fly/certificates";
import { FlyStack } from "../harness/fly-stack";

const database = "fly_mistakes";
let stack: FlyStack;

beforeAll(async () => {
  stack = await FlyStack.open({ database, app: { machines: 1 } });
  stack.push("1.0.0");
  await stack.pushFor("linux/arm64", "arm");
  stack.fly.conditions.room.set("syd", 0);
  // Makes the stack, and nothing at Fly: there is no such image.
  await stack.want("9.9.9");
  expect((await stack.dnd("up", "--yes")).code).not.toBe(0);
  expect(writes()).toBe(0);
}, 240_000);
afterAll(() => stack.close());

/** A question for room is a POST that changes nothing. */
const writes = () =>
  stack.fly.requests.filter(({ method, action }) => method !== "GET" && action !== "look for room").length;

interface Mistake {
  what: string;
  app?: Record<string, unknown>;
  env?: NodeJS.ProcessEnv;
  tag?: string;
  words: RegExp | RegExp[];
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
    what: "a region and a size that are not there, memory that a size cannot have and a port that nobody listens on",
    app: {
      regions: ["xyz"],
      processes: {
        web: { command: "node web.js", http: true, size: "shared-cpu-3x" },
        worker: { command: "node worker.js", memory: 100_096 },
      },
      internalPort: 3000,
      env: { PORT: "8080" },
    },
    words: [
      /group web: 3 shared cpus: 1, 2, 4, 6, 8 are possible/,
      /env\.PORT tells the app to listen on 8080, and its service calls port 3000/,
      /group worker: 100096 MB for 2 shared cpus: 512 to 4096/,
      /there is no region xyz at Fly; there are .*iad/,
    ],
  },
  {
    what: "a region without room",
    app: { regions: ["syd"] },
    words: /no room for 1 of 1 machines of group app with 2 shared cpus and 2048 MB in syd/,
  },
  {
    what: "a certificate whose key stands in plain text",
    app: { certificates: { "dnd.example.org": first } },
    words: /certificates\["dnd\.example\.org"\]\.key: stands in plain text; allowed: encrypted/,
  },
  {
    what: "an image of another architecture",
    tag: "arm",
    words: /is for linux\/arm64, and machines at Fly are linux\/amd64[\s\S]*--platform linux\/amd64/,
  },
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
      processes: {},
      env: {},
      certificates: {},
    };
    await stack.want(tag ?? "1.0.0", { ...usual, ...app });
    const before = writes();
    const { code, stdout, stderr } = await stack.dndWith(env ?? {}, "preview");
    for (const one of [words].flat()) expect(stdout + stderr).toMatch(one);
    // An image is looked for by the program of the stack, whose errors the engine prints with their place.
    if (tag === undefined) expect(stdout + stderr).not.toMatch(/\n\s+at /);
    expect(code).not.toBe(0);
    expect(writes()).toBe(before);
  },
  240_000,
);
