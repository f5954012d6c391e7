import { describeWith } from "../../../harness/tools";
import type { Case, CaseStep, Engine, Workspace } from "./case";
import { cases } from "./cases";
import { embeddedEngine } from "./embedded-engine";
import { realEngine } from "./real-engine";
import { observe, stack } from "./record";
import { openWorkspace, prepare } from "./workspace";

jest.setTimeout(1_200_000);

describeWith("pulumi")("both engines", () => {
  test.concurrent.each(cases.map((one) => [one.name, one] as const))(
    "do the same: %s",
    async (_name, one) => {
      const real = await observe(one, realEngine);
      expect(JSON.parse(JSON.stringify(await observe(one, embeddedEngine)))).toEqual(
        JSON.parse(JSON.stringify(real)),
      );
    },
  );
});

/** Cases that end well leave a state that the other engine must find in order. */
const handed = cases.filter((one) =>
  /creates in order|components|secret|explicit provider|depends on what|kinds of values|alias makes/.test(
    one.name,
  ),
);

describeWith("pulumi")("a stack that one engine brought up", () => {
  test.concurrent.each(handed.map((one) => [one.name, one] as const))(
    "is in order for the other: %s",
    async (_name, one) => {
      expect(await handOver(one, embeddedEngine, realEngine)).toBe("no change");
      expect(await handOver(one, realEngine, embeddedEngine)).toBe("no change");
    },
  );
});

/** Runs a case on one engine and its last program as a preview on the other. */
async function handOver(one: Case, first: Engine, second: Engine): Promise<string> {
  const workspace = await openWorkspace(one);
  try {
    if (one.other) {
      await prepare(workspace, one, { op: "up" }, "other");
      await first.run(workspace, { op: "up" }, "other");
    }
    for (const step of one.steps) await run(workspace, one, step, first);
    const last = one.steps.at(-1);
    const preview: CaseStep = {
      op: "preview",
      options: { expectNoChanges: true },
      ...(last?.program === undefined ? {} : { program: last.program }),
      ...(last?.config ? { config: last.config } : {}),
    };
    const { ok, text } = await run(workspace, one, preview, second);
    return ok ? "no change" : `${second.name} after ${first.name}: ${text}`;
  } finally {
    await workspace.close();
  }
}

async function run(workspace: Workspace, one: Case, step: CaseStep, engine: Engine) {
  await prepare(workspace, one, step, stack);
  return engine.run(workspace, step, stack);
}
