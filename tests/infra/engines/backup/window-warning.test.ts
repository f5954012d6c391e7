import { WindowWarning } from "../../../../infra/engines/backup/window-warning";

const mb = 1024 * 1024;
const windowMs = 300_000;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** What is said of a dump of which so many bytes were read after so many milliseconds. */
function said(bytes: number, reads: [atMs: number, bytes: number][]): string[] {
  const told: string[] = [];
  const begun = Date.now();
  const warning = new WindowWarning({ bytes, windowMs, limitRate: undefined }, (text) => told.push(text));
  for (const [atMs, read] of reads) {
    jest.setSystemTime(begun + atMs);
    warning.add(read);
  }
  return told;
}

test("a dump that takes longer than its snapshot lives is told of before it begins", () => {
  expect(said(10_000 * mb, [])).toEqual([expect.stringContaining("the server keeps its snapshot for 5m")]);
});

test("a machine that stands still for a moment is no slow one", () => {
  expect(
    said(400 * mb, [
      [6000, mb],
      [30_000, 200 * mb],
    ]),
  ).toEqual([]);
});

test("a rate that stays slow is told of, once", () => {
  expect(
    said(400 * mb, [
      [30_000, mb],
      [60_000, mb],
      [90_000, mb],
    ]),
  ).toHaveLength(1);
});
