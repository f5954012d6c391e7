import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import {
  commandOf,
  progressOf,
  type Incident,
  type KeptIncident,
  type PathStep,
} from "../../infra/engines/incidents";
import { projectRoot } from "../../infra/support";
import { confirmIn } from "../confirm-in";
import { settingsOf } from "../stack-settings";
import { printResult, type Terminal } from "../terminal";
import { usage, type IncidentOptions } from "./options";
import { atIncidents, find, note } from "./where";

/** Does a step of the guided path, the next one unless named: confirmed where it is dangerous, noted before and after. */
export async function performStep(options: IncidentOptions, terminal: Terminal): Promise<number> {
  const { one, step } = await atIncidents(options, terminal, async (where) => {
    const found = await find(where, options);
    const chosen = stepOf(found, options);
    return { one: found, step: chosen };
  });
  const { words, missing } = commandOf(step, { stack: options.stack, backup: options.backup });
  if (missing.length > 0)
    throw usage(`the step ${step.name} wants ${missing.map((name) => `--${name}`).join(", ")}`);
  if (step.dangerous) await askFor(step, words, options, terminal);
  await told(options, terminal, one, { kind: "command", text: begun(step, words) });
  const code = step.command ? await run(words, options, terminal) : 0;
  const text = code === 0 ? `done: ${step.what}` : `failed with exit code ${code}: ${step.what}`;
  // The step itself may have brought the database back, or taken it away.
  await told(options, terminal, one, { kind: "step", text, ref: step.name });
  printResult(terminal, { step: step.name, command: words, code }, () => `${step.name}: ${text}`);
  return code;
}

function stepOf(one: Incident | KeptIncident, { text }: IncidentOptions): PathStep {
  const { steps, next } = progressOf({ ...one, _id: one._id ?? 0 }, new Date());
  const chosen = text === undefined ? next : steps.find(({ name }) => name === text);
  if (chosen) return chosen;
  const names = steps.map(({ name }) => name).join(", ");
  throw usage(
    text === undefined ? "every step is done: close the incident" : `no step ${text}; there are ${names}`,
  );
}

async function askFor(
  step: PathStep,
  words: readonly string[],
  options: IncidentOptions,
  terminal: Terminal,
): Promise<void> {
  const { environment } = await settingsOf(options.stack);
  const danger = { action: `run \`dnd ${words.join(" ")}\``, loss: `${step.what}.` };
  await confirmIn(environment, options, danger, terminal);
}

function begun({ what }: PathStep, words: readonly string[]): string {
  return words.length > 0 ? `dnd ${words.join(" ")}` : what;
}

function told(
  options: IncidentOptions,
  terminal: Terminal,
  one: Incident | KeptIncident,
  entry: { kind: string; text: string; ref?: string },
): Promise<void> {
  return atIncidents(options, terminal, (where) => note(where, one, entry));
}

/** A process of its own: what it does to its surroundings, or how it dies, is none of the timeline's business. */
async function run(words: readonly string[], { yes }: IncidentOptions, terminal: Terminal): Promise<number> {
  const confirmed = yes ? ["--yes"] : [];
  const child = spawn(process.execPath, [join(projectRoot, "ops", "dnd.cjs"), ...words, ...confirmed], {
    stdio: ["inherit", "pipe", "inherit"],
  });
  child.stdout?.pipe(terminal.json ? terminal.err : terminal.out, { end: false });
  const [code] = (await once(child, "close")) as [number | null];
  return code ?? 1;
}
