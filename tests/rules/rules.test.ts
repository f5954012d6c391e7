import { series } from "../../infra/engines/monitoring";
import { expressionsIn, ruleFile, seriesNamed } from "./series-named";

const known = new Set(Object.keys(series));

describe.each(["alerts.yml", "records.yml", "grafana-dashboard.json"])("rules/%s", (file) => {
  const expressions = expressionsIn(ruleFile(file));

  test("asks for something", () => {
    expect(expressions.length).toBeGreaterThan(3);
  });

  test("names only series that the monitor exports", () => {
    const unknown = expressions.flatMap(seriesNamed).filter((name) => !known.has(name));
    expect(unknown).toEqual([]);
  });

  test("has no expression that names no series at all", () => {
    expect(expressions.filter((one) => seriesNamed(one).length === 0)).toEqual([]);
  });
});

test("every panel of the dashboard has a place of its own", () => {
  const { panels } = ruleFile("grafana-dashboard.json") as {
    panels: { id: number; gridPos: { x: number; y: number; w: number; h: number } }[];
  };
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
});
