import { mergeSettings } from "../../../ops/local-stack";

const before = { app: { version: "1" }, backup: { enabled: true } };

test("what changed in the checkout is taken over", () => {
  const committed = { ...before, app: { version: "2" } };
  expect(mergeSettings(committed, before, before)).toEqual(committed);
});

test("what was set only here stays, also beside a change in the checkout", () => {
  const own = { ...before, backup: { enabled: false }, extra: 1 };
  expect(mergeSettings({ ...before, app: { version: "2" } }, before, own)).toEqual({
    app: { version: "2" },
    backup: { enabled: false },
    extra: 1,
  });
});

test("where both changed the same setting the checkout's is taken", () => {
  expect(mergeSettings({ app: "theirs" }, { app: "old" }, { app: "own" })).toEqual({ app: "theirs" });
});

test("what was removed in the checkout is gone here too", () => {
  expect(mergeSettings({ app: 1 }, { app: 1, old: 2 }, { app: 1, old: 2 })).toEqual({ app: 1 });
});
