import { patienceFor } from "../../../../infra/engines/database/patience";

test("a server that is slow because the machine is busy is not taken for one that is stuck", () => {
  expect(patienceFor(2000, [0, 0, 0], 2)).toBe(2000);
  expect(patienceFor(2000, [1.5, 9, 9], 2)).toBe(2000);
  expect(patienceFor(2000, [6, 0, 0], 2)).toBe(6000);
  expect(patienceFor(2000, [400, 0, 0], 2)).toBe(10_000);
});
