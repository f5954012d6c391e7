import { series, type SeriesName } from "./series";

/** One number of a series, told apart by its labels. */
export interface Sample {
  series: SeriesName;
  labels?: Readonly<Record<string, string>>;
  value: number;
  /** Of a histogram: `_bucket`, `_sum` or `_count`. */
  part?: "_bucket" | "_sum" | "_count";
}

/** The content type of Prometheus' text format. */
export const textType = "text/plain; version=0.0.4; charset=utf-8";

/** Samples in the text format, each series with its help and type before its numbers. */
export function expositionOf(samples: readonly Sample[]): string {
  const bySeries = new Map<SeriesName, Sample[]>();
  for (const sample of samples) {
    const others = bySeries.get(sample.series);
    if (others) others.push(sample);
    else bySeries.set(sample.series, [sample]);
  }
  return [...bySeries].flatMap(([name, own]) => [...headerOf(name), ...own.map(lineOf), ""]).join("\n");
}

function headerOf(name: SeriesName): string[] {
  const { help, type } = series[name];
  return [`# HELP ${name} ${help.replace(/\\/g, "\\\\").replace(/\n/g, "\\n")}`, `# TYPE ${name} ${type}`];
}

function lineOf({ series: name, labels = {}, value, part }: Sample): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
  const set = pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
  return `${name}${part ?? ""}${set} ${numberText(value)}`;
}

function escaped(text: string): string {
  return text.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n");
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  return String(value);
}

/** A histogram of values: how many are at most each border, their sum and their count. */
export function histogramSamples(
  name: SeriesName,
  labels: Readonly<Record<string, string>>,
  { borders, values }: { borders: readonly number[]; values: readonly number[] },
): Sample[] {
  const upTo = (border: number) => values.filter((value) => value <= border).length;
  return [
    ...borders.map((border): Sample => ({
      series: name,
      part: "_bucket",
      labels: { ...labels, le: numberText(border) },
      value: upTo(border),
    })),
    { series: name, part: "_bucket", labels: { ...labels, le: "+Inf" }, value: values.length },
    { series: name, part: "_sum", labels, value: values.reduce((sum, value) => sum + value, 0) },
    { series: name, part: "_count", labels, value: values.length },
  ];
}
