import { rules } from "../../infra/engines/alerts";
import { samplesOfFigures } from "../../infra/engines/monitoring/prometheus/of-figures";
import type { FigureName } from "../../infra/engines/monitoring";
import { ruleFile } from "./series-named";

interface Comparison {
  severity: string;
  series: string;
  operator: string;
  value: number;
}

const { groups } = ruleFile("alerts.yml") as {
  groups: { rules: { expr: string; labels: { severity: string } }[] }[];
};
const comparisons: Comparison[] = groups
  .flatMap((group) => group.rules)
  .flatMap(({ expr, labels }) =>
    [...expr.matchAll(/(dnd_\w+) (>|<|==) ([\d.]+)(?: \* (\d+))?/g)].map(
      ([, series = "", operator = "", number, times = "1"]) => ({
        ...{ severity: labels.severity, series, operator },
        value: Number(number) * Number(times),
      }),
    ),
  );

/** A figure as Prometheus reads it, in its base unit. */
function sampleOf(name: string, value: number): { series: string; value: number } {
  if (name === "backupAgeHours") return { series: "dnd_backup_age_seconds", value: value * 3600 };
  if (name === "downtimeMinutes") return { series: "dnd_app_up", value: 0 };
  const [sample] = samplesOfFigures([{ name: name as FigureName, subject: "x", value, at: new Date() }]);
  return sample ?? { series: "none", value };
}

const thresholds = rules.flatMap(({ name, bad, warning, critical }) => {
  const levels = [
    ["warning", warning],
    ["critical", critical],
  ] as const;
  return levels.flatMap(([level, value]) => (value === null ? [] : [{ name, bad, level, value }]));
});

test.each(thresholds)(
  "Prometheus calls $name $level where the monitor does",
  ({ name, bad, level, value }) => {
    const { series } = sampleOf(name, value);
    // What is so or not is a 1 or a 0 there, and a 0 is bad.
    const isFact = series.endsWith("_up") || series.endsWith("_healthy");
    const wanted = isFact
      ? { severity: level, series, operator: "==", value: 0 }
      : {
          severity: level,
          series,
          operator: bad === "above" ? ">" : "<",
          value: sampleOf(name, value).value,
        };
    expect(comparisons).toContainEqual({ ...wanted, value: expect.closeTo(wanted.value) as number });
  },
);
