import { execFile } from "node:child_process";
import { act, judgeAges, note, ok, unasked, type Finding } from "../../infra/engines/rounds";
import { projectRoot } from "../../infra/support";
import { ask } from "./asked";
import type { RoundContext, RoundStep } from "./step";

const auditMs = 2 * 60_000;

/** Known weaknesses of the packages: a registry that cannot be asked has called nothing clean. */
export const packages: RoundStep = {
  name: "packages",
  title: "Known weaknesses of the packages",
  async look({ signal }) {
    const { stdout, stderr } = await npmAudit(signal);
    const counts = countsIn(stdout);
    if (!counts) {
      const why = `${stderr}\n${stdout}`.split("\n").find((line) => /err/i.test(line)) ?? "no answer";
      return [
        unasked(
          "npm audit",
          `could not be asked: ${why.trim().slice(0, 200)}`,
          "Run `npm audit` where the registry is to be had.",
        ),
      ];
    }
    const { critical, high, moderate, low } = counts;
    const found = `${critical} critical, ${high} high, ${moderate} moderate, ${low} low`;
    if (critical + high > 0)
      return [act("npm audit", found, "`npm audit` names them; update, run `npm test`, release.")];
    return [
      moderate + low > 0
        ? note("npm audit", found, "Update them with the next release.")
        : ok("npm audit", "clean"),
    ];
  },
};

function npmAudit(signal: AbortSignal): Promise<{ stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const options = { cwd: projectRoot, timeout: auditMs, maxBuffer: 50_000_000, signal };
    // It ends with 1 where it has found something: what it printed decides.
    execFile("npm", ["audit", "--json"], options, (error, stdout, stderr) =>
      resolve({ stdout, stderr: stderr || (error?.message ?? "") }),
    );
  });
}

interface Counts {
  critical: number;
  high: number;
  moderate: number;
  low: number;
}

function countsIn(text: string): Counts | undefined {
  try {
    const { metadata } = JSON.parse(text) as { metadata?: { vulnerabilities?: Partial<Counts> } };
    const found = metadata?.vulnerabilities;
    if (!found) return undefined;
    return { critical: 0, high: 0, moderate: 0, low: 0, ...found };
  } catch {
    return undefined;
  }
}

/** How old tokens, passwords and keys are, by what the rotations have written down. */
export const credentials: RoundStep = {
  name: "credentials",
  title: "Ages of tokens, passwords and keys",
  look: (context) =>
    context.withOps(async (ops) => {
      const { knownAges } = require("../rotate") as typeof import("../rotate");
      return judgeAges(await knownAges(ops, context.options.stack));
    }),
};

interface Line {
  level: string | null;
  text: string;
  fields: Record<string, unknown>;
}

const refusedStatus = new Set([401, 403, 429]);

/** What the log of a month says: refused requests, warnings and errors, each with how often. */
export const accessLog: RoundStep = {
  name: "access log",
  title: "The log of the last 30 days",
  async look({ options, named, terminal }: RoundContext): Promise<Finding[]> {
    if (named.includes("--uri")) return [note("log", "no stack describes an app: there is none")];
    const argv = ["--stack", options.stack, "--since", "30d"];
    const { document, complaint } = await ask({ name: "logs", argv }, terminal);
    if (complaint !== "") return [unasked("log", complaint)];
    const lines = (Array.isArray(document.lines) ? document.lines : []) as Line[];
    const errors = lines.filter(({ level }) => level === "error" || level === "fatal");
    const warnings = lines.filter(({ level }) => level === "warn");
    const refused = lines.filter(({ fields }) => refusedStatus.has(statusOf(fields)));
    return [
      note("log", `${lines.length} lines, ${warnings.length} warnings, ${refused.length} refused requests`),
      ...(errors.length === 0
        ? [ok("errors", "none")]
        : [
            act(
              "errors",
              `${errors.length}: ${mostFrequent(errors)}`,
              "`dnd logs --since 30d --level error` shows them.",
            ),
          ]),
    ];
  },
};

/** Where loggers of requests write the status of the answer. */
function statusOf({ status, statusCode, res }: Record<string, unknown>): number {
  const answer = res as { statusCode?: unknown } | null | undefined;
  return Number(status ?? statusCode ?? answer?.statusCode ?? 0);
}

function mostFrequent(lines: readonly Line[]): string {
  const counts = new Map<string, number>();
  for (const { text } of lines) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts]
    .sort(([, one], [, other]) => other - one)
    .slice(0, 3)
    .map(([text, count]) => `${count} times "${text.slice(0, 120)}"`)
    .join(", ");
}
