/** One thing that is proved by running a command of the project. */
export interface ProofCommand {
  name: string;
  command: readonly [string, ...string[]];
  timeoutMs: number;
  /** How its end is read, where its exit code is not the whole answer. */
  judge?: (end: CommandEnd) => { outcome: "passed" | "failed" | "unasked"; detail: string };
  /** The lines of its output that say most, whether it passed or not. */
  telling?: RegExp;
}

export interface CommandEnd {
  code: number | null;
  stdout: string;
  stderr: string;
}

const minute = 60_000;

/** Everything that CI proves of a commit, once: the release reads it and does none of it again. */
export const proofCommands: readonly ProofCommand[] = [
  {
    // As the Dockerfile bundles the app; what comes of it is thrown away.
    name: "build",
    command: [
      ...(["npm", "exec", "--no", "--", "esbuild", "app/server.ts", "--bundle"] as const),
      ...["--platform=node", "--target=node22", "--log-level=warning"],
    ],
    timeoutMs: 5 * minute,
  },
  { name: "lint", command: ["npm", "run", "lint", "--silent"], timeoutMs: 10 * minute },
  { name: "types", command: ["npm", "run", "typecheck", "--silent"], timeoutMs: 10 * minute },
  {
    name: "tests",
    command: [
      ...(["npm", "test", "--silent", "--", "--coverage"] as const),
      ...["--coverageReporters=text-summary", '--coverageThreshold={"global":{"lines":70}}'],
      // What counts is what is released: no test covers the tests.
      ...["--coveragePathIgnorePatterns=/node_modules/", "--coveragePathIgnorePatterns=/tests/"],
    ],
    timeoutMs: 60 * minute,
    telling: /^(FAIL |Jest: .*threshold|Lines +:)/,
  },
  {
    name: "audit",
    command: ["npm", "audit", "--audit-level=critical", "--json"],
    timeoutMs: 2 * minute,
    judge: judgeAudit,
  },
];

/** A registry that does not answer has said nothing of the packages: neither clean nor bad. */
export function judgeAudit({ stdout, stderr }: CommandEnd): ReturnType<NonNullable<ProofCommand["judge"]>> {
  const critical = criticalIn(stdout);
  if (critical === undefined) {
    const why = (stderr.trim() || stdout.trim()).split("\n").find((line) => /err/i.test(line));
    return { outcome: "unasked", detail: `could not be asked: ${(why ?? "no answer").slice(0, 200)}` };
  }
  return critical > 0
    ? { outcome: "failed", detail: `${critical} critical vulnerabilities` }
    : { outcome: "passed", detail: "none is critical" };
}

function criticalIn(text: string): number | undefined {
  try {
    const { metadata } = JSON.parse(text) as { metadata?: { vulnerabilities?: { critical?: unknown } } };
    const critical = metadata?.vulnerabilities?.critical;
    return typeof critical === "number" ? critical : undefined;
  } catch {
    return undefined;
  }
}
