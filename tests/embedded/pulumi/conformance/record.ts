import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Case, Engine, Observation } from "./case";
import { prepare, openWorkspace } from "./workspace";
import { readState } from "./state";

export const stack = "dev";

/** Runs a case on an engine and tells what each of its steps did. */
export async function observe(one: Case, engine: Engine): Promise<Observation[]> {
  const workspace = await openWorkspace(one);
  try {
    if (one.other) {
      await prepare(workspace, one, { op: "up" }, "other");
      await engine.run(workspace, { op: "up" }, "other");
    }
    const seen: Observation[] = [];
    for (const step of one.steps) {
      await prepare(workspace, one, step, stack);
      const { ok, steps } = await engine.run(workspace, step, stack);
      seen.push({ ok, steps, ...(await readState(workspace, stack)) });
    }
    return seen;
  } finally {
    await workspace.close();
  }
}

/** The file in which a real run of a case is kept. */
export function recordingOf(one: Case): string {
  return join(
    __dirname,
    "recorded",
    `${one.name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "")}.json`,
  );
}

/** Keeps what the real engine did as the expectation for where there is none. */
export async function record(one: Case, engine: Engine): Promise<void> {
  const seen = await observe(one, engine);
  await mkdir(join(__dirname, "recorded"), { recursive: true });
  await writeFile(recordingOf(one), `${JSON.stringify(seen, null, 1)}\n`);
}
