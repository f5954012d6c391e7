import { rules } from "../../policy/rules";
import { readPage } from "./page";

test("the page of the policies has every rule, and says of it what a refusal says", () => {
  const rows = [...readPage("policies.md").matchAll(/^\| `([\w-]+)` +\| (.+?) +\|$/gm)];
  expect(Object.fromEntries(rows.map(([, name, text]) => [name, text]))).toEqual(
    Object.fromEntries(rules.map(({ name, description }) => [name, description])),
  );
});
