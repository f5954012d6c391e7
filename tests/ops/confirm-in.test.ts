import { PassThrough } from "node:stream";
import { confirmIn } from "../../ops/confirm-in";
import { openTerminal } from "../../ops/terminal";

const stdin = Object.getOwnPropertyDescriptor(process, "stdin");
afterEach(() => {
  if (stdin) Object.defineProperty(process, "stdin", stdin);
});

/** What comes of a dangerous command when a person types an answer. */
async function answered(environment: string, answer: string): Promise<string> {
  const keyboard = new PassThrough();
  Object.defineProperty(process, "stdin", { value: keyboard, configurable: true });
  const terminal = { ...openTerminal(false), interactive: true, err: new PassThrough() };
  const danger = { action: "scale to 0 machines", loss: "The app serves nobody." };
  keyboard.write(`${answer}\n`);
  return confirmIn(environment, { stack: "production", yes: false }, danger, terminal).then(
    () => "done",
    (error: { code: string }) => error.code,
  );
}

test("in production nothing dangerous happens before the stack's own name was typed: a y, or another name, is none", async () => {
  expect(await answered("production", "y")).toBe("not-confirmed");
  expect(await answered("production", "staging")).toBe("not-confirmed");
  expect(await answered("production", "")).toBe("not-confirmed");
  expect(await answered("production", "production")).toBe("done");
});

test("elsewhere a y does, and nothing else", async () => {
  expect(await answered("staging", "y")).toBe("done");
  expect(await answered("staging", "n")).toBe("not-confirmed");
});
