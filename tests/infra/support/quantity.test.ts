import { formatDuration, formatSize, parseDuration } from "../../../infra/support";

test("durations and sizes are read and shown as people write them", () => {
  expect(parseDuration("90s")).toBe(90_000);
  expect(parseDuration("1.5h")).toBe(5_400_000);
  expect(parseDuration("soon")).toBeUndefined();
  expect(formatDuration(185_000)).toBe("3m 05s");
  expect(formatSize(407_000_000)).toBe("407 MB");
});
