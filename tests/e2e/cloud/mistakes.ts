import type { CloudStack } from "../../harness/cloud-stack";
import { complaintOf } from "../../ops/dnd";
import type { Fault } from "../../stand-ins/atlas";

const patience = 240_000;

interface Mistake {
  what: string;
  env?: NodeJS.ProcessEnv;
  /** What Atlas answers before it is well again. */
  faults?: Fault[];
  code?: number;
  words: RegExp;
}

const mistakes: Mistake[] = [
  {
    what: "no credentials of Atlas",
    env: { MONGODB_ATLAS_PUBLIC_KEY: "", MONGODB_ATLAS_PRIVATE_KEY: "" },
    words: /Set MONGODB_ATLAS_CLIENT_ID/,
  },
  {
    what: "wrong credentials of Atlas",
    env: { MONGODB_ATLAS_PRIVATE_KEY: "another" },
    words: /MONGODB_ATLAS_PUBLIC_KEY/,
  },
  {
    what: "a right that is missing at Atlas",
    faults: [{ status: 403, errorCode: "USER_UNAUTHORIZED" }],
    words: /GROUP_READ_ONLY|Project Read Only/,
  },
  {
    what: "an Atlas that goes on failing",
    faults: Array.from({ length: 12 }, () => ({ status: 500 })),
    words: /Atlas/,
  },
  {
    what: "a shell that is set up for production",
    env: { DEPLOY_ENV: "production" },
    code: 2,
    words: /DEPLOY_ENV: is production in the environment of this command; allowed: staging/,
  },
];

/** Holds previews of a stack in which nothing is yet to what they say of mistakes and of bad days at Atlas. */
export function refusesMistakes(stackOf: () => CloudStack): void {
  describe("a preview", () => {
    const deeds = () => stackOf().servers.aws.deeds.length + stackOf().servers.atlas.deeds.length;

    test.each(mistakes)(
      "refuses $what in words, and touches nothing",
      async ({ env = {}, faults = [], code = 1, words }) => {
        const { api } = stackOf().servers;
        for (const fault of faults) api.fail(fault);
        const run = await stackOf().dndWith(env, "preview");
        api.forgive();
        const said = run.stdout + run.stderr;
        expect(said).toMatch(words);
        expect(said).not.toMatch(/\n\s+at /);
        expect(run.code).toBe(code);
        expect(deeds()).toBe(0);
        expect(api.entries).toEqual([]);
      },
      patience,
    );

    test(
      "waits for an Atlas that asks for patience or fails now and then",
      async () => {
        const { api } = stackOf().servers;
        api.fail({ status: 429, headers: { "retry-after": "1" } });
        api.fail({ status: 500 });
        expect(complaintOf(await stackOf().dnd("preview"))).toBe("");
      },
      patience,
    );
  });
}
