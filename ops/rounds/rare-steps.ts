import { act, judgeThresholds, note, ok, unasked } from "../../infra/engines/rounds";
import { formatDuration } from "../../infra/support";
import commands from "../commands.json";
import { settingsOf } from "../stack-settings";
import { ask } from "./asked";
import type { RoundStep } from "./step";

const quarterDays = 90;
const dayMs = 86_400_000;
const briefMs = 10 * 60_000;

interface Alert {
  rule?: string;
  since?: Date;
  resolvedAt?: Date | null;
  resolvedBy?: string;
  threshold?: number;
}

/** Which thresholds cry wolf, and which nothing has reached. */
export const thresholds: RoundStep = {
  name: "thresholds",
  title: `Thresholds against the alerts of ${quarterDays} days`,
  look: ({ withOps, options, named }) =>
    withOps(async (ops) => {
      const since = new Date(Date.now() - quarterDays * dayMs);
      const all = await ops.collection<Alert>("alerts").find({}).toArray();
      const recent = all.filter((one) => (one.since ?? new Date(0)) >= since);
      const limits = named.includes("--uri") ? {} : (await settingsOf(options.stack)).monitoring.thresholds;
      const rules = new Set([...Object.keys(limits), ...recent.map(({ rule }) => rule ?? "unnamed")]);
      if (rules.size === 0) return [note("thresholds", "none is set, and no alert has fired")];
      return judgeThresholds(
        [...rules].sort().map((rule) => {
          const own = recent.filter((one) => (one.rule ?? "unnamed") === rule);
          const brief = own.filter(({ since: began, resolvedAt }) =>
            Boolean(began && resolvedAt && resolvedAt.getTime() - began.getTime() < briefMs),
          );
          const threshold = (limits as Record<string, unknown>)[rule] ?? own.at(-1)?.threshold;
          return {
            rule,
            fired: own.length,
            brief: brief.length,
            threshold: typeof threshold === "number" ? threshold : null,
          };
        }),
        quarterDays,
      );
    }),
};

/** The practice of the disaster, from the archive to a serving environment. */
export const drill: RoundStep = {
  name: "drill",
  title: "The disaster, practised",
  async look({ options, terminal }) {
    if (!commands.some(({ name }) => name === "drill"))
      return [
        unasked(
          "drill",
          "this edition has no `dnd drill`",
          "Practise by hand: `dnd backup restore latest --to-db drill`.",
        ),
      ];
    const { code, complaint, document } = await ask(
      { name: "drill", argv: ["--stack", options.stack, "--yes"] },
      terminal,
    );
    const measured = measuredIn(document);
    if (code === 0 && complaint === "") return [ok("drill", `within its targets: ${measured}`)];
    return [
      act(
        "drill",
        complaint || (measured === "" ? `it ended with code ${code}` : `too slow: ${measured}`),
        "`dnd drill` shows each step: mend what failed and practise again.",
      ),
    ];
  },
};

interface Measure {
  name: string;
  durationMs: number;
  targetMs: number;
}

function measuredIn({ measures }: Record<string, unknown>): string {
  return ((Array.isArray(measures) ? measures : []) as Measure[])
    .map(
      ({ name, durationMs, targetMs }) =>
        `${name} ${formatDuration(durationMs)} of ${formatDuration(targetMs)}`,
    )
    .join(", ");
}
