import { PassThrough } from "node:stream";
import { fitted, Screen } from "../../../ops/status/screen";

const picture = {
  head: "now",
  problems: ["no database"],
  facts: ["stack  local", "app    http://127.0.0.1:3000 says ok, version 1.2.3"],
};

test("all of it stands on the screen where there is room, in lines that fit", () => {
  expect(fitted(picture, { columns: 20, rows: 10 })).toEqual([
    "now",
    "",
    "stack  local",
    "app    http://127.0…",
    "",
    "to be mended:",
    "  no database",
  ]);
});

test("what is to be mended comes first where there is none", () => {
  expect(fitted(picture, { columns: 40, rows: 5 })).toEqual([
    "now",
    "",
    "to be mended:",
    "  no database",
    "… 3 more lines",
  ]);
  expect(fitted(picture, { columns: 40, rows: 1 })).toHaveLength(1);
});

test("a terminal that gets another size is drawn anew, and is left alone afterwards", () => {
  const out = Object.assign(new PassThrough(), { columns: 80, rows: 24 });
  const drawn = () => String(out.read() ?? "");
  const screen = new Screen(out);
  screen.show(picture);
  expect(drawn()).toContain("says ok");
  out.columns = 20;
  out.emit("resize");
  const again = drawn();
  expect(again).toContain("app    http://127.0…");
  expect(again).not.toContain("says ok");
  screen.release();
  out.emit("resize");
  expect(drawn()).toBe("");
});
