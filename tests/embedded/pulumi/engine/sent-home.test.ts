import { withoutUndelivered } from "../../../../embedded/pulumi/engine/sent-home";

function passedOn(lines: string[]): string[] {
  const passed: string[] = [];
  lines.forEach(withoutUndelivered((line) => passed.push(line)));
  return passed;
}

const undelivered = (message: string) => [
  ...["failed to deliver log message. ", "error: Error: Channel has been shut down "],
  ...[`original message: ${message}`, "    at somewhere", " message severity: error"],
];

it("what the SDK could not deliver is left out where it only says that nobody listens", () => {
  const noise = undelivered("Running program 'x' failed: Error: Channel has been shut down");
  expect(passedOn(["before", ...noise, "after"])).toEqual(["before", "after"]);
});

it("any other word that could not be delivered is passed on", () => {
  const word = undelivered("the party is lost");
  expect(passedOn([...word, "after"])).toEqual([...word, "after"]);
});
