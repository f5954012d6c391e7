import { scaled } from "../../../infra/resources";

const group = (name: string, counts: Record<string, number>) => ({ name, config: {}, counts });
const groups = [group("app", { ams: 2, fra: 1 }), group("worker", { ams: 1 }), group("monitor", { ams: 1 })];
const countsOf = (count: number | null) =>
  scaled(groups, count, ["worker", "monitor"]).map(({ counts }) => counts);

test("an override is spread over the regions and leaves groups with a number of their own alone", () => {
  expect(countsOf(5)).toEqual([{ ams: 3, fra: 2 }, { ams: 1 }, { ams: 1 }]);
  expect(countsOf(null)).toEqual([{ ams: 2, fra: 1 }, { ams: 1 }, { ams: 1 }]);
});

test("no machine means none of any group but the monitor: nobody writes any more", () => {
  expect(countsOf(0)).toEqual([{ ams: 0, fra: 0 }, { ams: 0 }, { ams: 1 }]);
});
