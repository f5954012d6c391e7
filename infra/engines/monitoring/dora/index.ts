export { doraFigures, hasFailed, median, type DoraFigures, type DoraWish } from "./figures";
