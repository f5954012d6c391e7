import { exitCodeOf } from "../../../ops/engine";

test.each([
  ["succeeded", undefined, 0],
  ["failed", undefined, 1],
  ["failed", "refused", 3],
  ["failed", "locked", 4],
  ["interrupted", "refused", 130],
] as const)("a command whose operation %s (%s) ends with its own code", (result, told, code) => {
  expect(exitCodeOf({ result }, told)).toBe(code);
});
