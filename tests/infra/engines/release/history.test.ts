import { missingNumbers, type Release } from "../../../../infra/engines/release";

const journal = (...numbers: number[]) => numbers.map((_id) => ({ _id }) as Release);

describe("numbers are missing in a journal", () => {
  test.each([
    ["that is empty", [], 200, true],
    ["that is whole", [3, 2, 1], 200, false],
    ["with a hole", [4, 2, 1], 200, true],
    ["that has lost its beginning", [4, 3], 200, true],
    ["of which only the newest were asked for", [4, 3], 2, false],
  ])("%s", (_what, numbers, asked, expected) => {
    expect(missingNumbers(journal(...numbers), asked)).toBe(expected);
  });
});
