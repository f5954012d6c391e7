import { act, note, ok, type Finding } from "../../infra/engines/rounds";
import { ask } from "./asked";
import type { RoundContext, RoundStep } from "./step";

/** App, machines, database, schema, archives and alerts of every stack of the round. */
export const health: RoundStep = {
  name: "health",
  title: "Health, database, schema, archives and alerts",
  async look(context) {
    const findings: Finding[] = [];
    for (const stack of context.stacks) findings.push(...(await statusOf(stack, context)));
    return findings;
  },
};

async function statusOf(stack: string, { named, terminal }: RoundContext): Promise<Finding[]> {
  const { document, complaint } = await ask({ name: "status", argv: ["--stack", stack, ...named] }, terminal);
  if (complaint !== "") return [act(stack, complaint, `Try \`dnd status --stack ${stack}\` by hand.`)];
  const problems = Array.isArray(document.problems) ? document.problems.map(String) : [];
  if (problems.length === 0) return [ok(stack, "all is well")];
  return problems.map((problem) => act(stack, problem, `\`dnd status --stack ${stack}\` shows the whole.`));
}

/** The health endpoints and one run through what people do with the app. */
export const verification: RoundStep = {
  name: "verification",
  title: "Checks of what runs now",
  async look(context) {
    const findings: Finding[] = [];
    // A database that was named has no app of its own.
    const stacks = context.named.includes("--uri") ? [] : context.stacks;
    for (const stack of stacks) findings.push(...(await verdictOf(stack, context)));
    return findings.length > 0 ? findings : [note("app", "no stack describes one: it was not looked at")];
  },
};

async function verdictOf(stack: string, { terminal }: RoundContext): Promise<Finding[]> {
  const argv = ["--stack", stack, "--watch", "2s"];
  const { code, document, complaint } = await ask({ name: "verify", argv }, terminal);
  const again = `\`dnd verify --stack ${stack}\` shows each check; \`dnd rollback auto --dry-run\` says what to do.`;
  if (complaint !== "") return [act(stack, complaint, again)];
  const reasons = Array.isArray(document.reasons) ? document.reasons.map(String).join("; ") : "";
  const found = `${String(document.verdict)}${reasons === "" ? "" : `: ${reasons}`}`;
  return [code === 0 ? ok(stack, found) : act(stack, found, again)];
}

/** What is pending, changed or stuck. */
export const migrations: RoundStep = {
  name: "migrations",
  title: "Migrations",
  async look({ stacks, named, terminal }) {
    const findings: Finding[] = [];
    for (const stack of stacks) {
      const argv = ["status", "--stack", stack, ...named.filter(isOfDatabase)];
      const { document, complaint, code } = await ask({ name: "migrate", argv }, terminal);
      const problems = Array.isArray(document.problems) ? document.problems.map(String) : [];
      const todo = `\`dnd migrate status --stack ${stack}\` shows each one.`;
      if (complaint !== "") findings.push(act(stack, complaint, todo));
      else if (problems.length > 0) findings.push(...problems.map((one) => act(stack, one, todo)));
      else
        findings.push(
          code === 0 ? ok(stack, "the schema is as the journal says") : act(stack, "the status failed", todo),
        );
    }
    return findings;
  },
};

/** A store is nothing to a command about the database. */
function isOfDatabase(_word: string, at: number, words: readonly string[]): boolean {
  return words[at] !== "--store" && words[at - 1] !== "--store";
}
