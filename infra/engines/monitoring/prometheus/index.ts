export { prometheusPage, type Pages, type PrometheusOptions } from "./page";
export { series, type SeriesKind, type SeriesName } from "./series";
export { expositionOf, textType, type Sample } from "./text";
export { samplesOfArchives, samplesOfDora, samplesOfJournal } from "./of-journal";
