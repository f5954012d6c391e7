import { refuseProtected } from "../../ops/operations/protected";

const urn = (name: string) =>
  `urn:pulumi:production::dnd-tracker::mongodbatlas:index/project:Project::${name}`;

test("a stack that holds something protected is not taken down, and what that is stands in the refusal", () => {
  const held = [
    { urn: urn("database-user"), protect: false },
    { urn: urn("database-project"), protect: true },
  ];
  const refused = () => refuseProtected("production", held);
  expect(refused).toThrow(/the stack production is protected: .*database-project; nothing was touched/);
  expect(refused).not.toThrow("database-user");
  expect(() => refuseProtected("staging", held.slice(0, 1))).not.toThrow();
});
