import { spawn } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cancel, importResources } from "../../../../embedded/pulumi";
import { Secret } from "../../../../infra/support";
import { TestStack } from "./test-stack";

describe("on a bad day", () => {
  let stack: TestStack;
  beforeEach(async () => (stack = await TestStack.open()));
  afterEach(() => stack.close());

  it("an operation that another process is busy with is refused, and says who and since when", async () => {
    const holder = spawn("sleep", ["60"]);
    const locks = join(stack.folder, "backend", ".pulumi", "locks", "organization", "bad", "dev");
    const timestamp = new Date().toISOString();
    try {
      await mkdir(locks, { recursive: true });
      const owner = { pid: holder.pid, username: "somebody", hostname: hostname(), timestamp };
      await writeFile(join(locks, "held.json"), JSON.stringify(owner));
      const refused = stack.run("up", `new Dyn("a");`);
      await expect(refused).rejects.toMatchObject({ kind: "locked", code: "stack-locked" });
      await expect(refused).rejects.toThrow(
        new RegExp(`somebody.*process ${holder.pid ?? 0}, since ${timestamp}`),
      );
      expect(await stack.cloud()).toEqual([]);
      expect(await cancel(stack.address)).toMatchObject({ removed: [], kept: [{ pid: holder.pid }] });
    } finally {
      holder.kill("SIGKILL");
    }
  });

  it("a wrong passphrase is found before anything happens", async () => {
    const before = await readFile(stack.stateFile, "utf8");
    const wrong = { passphrase: new Secret("another") };
    for (const kind of ["preview", "up"] as const) {
      const refused = stack.run(kind, `new Dyn("a");`, wrong);
      await expect(refused).rejects.toMatchObject({ code: "passphrase-wrong" });
    }
    expect(await stack.cloud()).toEqual([]);
    expect(await readFile(stack.stateFile, "utf8")).toBe(before);
  });

  it("a step that fails is told in its own words alone, whatever of the program comes after it", async () => {
    const waiting = [0, 1, 2].map(
      (n) => `new Dyn("late${n}", { value: new Dyn("slow${n}", { takesMs: ${400 + 50 * n} }).key });`,
    );
    const failed = await stack.run("up", `new Dyn("a", { fails: 9 }); ${waiting.join("")}`);
    expect(failed.messages).toEqual(["error a: no room for a"]);
  });

  it("a provider that dies while it creates leaves the creation named as pending, and the next up warns", async () => {
    const died = await stack.run("up", `new Dyn("before"); new Dyn("a", { dies: true });`);
    expect(died.outcome).toBe("failed");
    expect(died.messages).toContainEqual(expect.stringMatching(/^error a: .*ended in the middle of a call/));
    expect((await stack.state()).pending).toContain("creating a");
    const next = await stack.run("up", `new Dyn("a");`);
    expect(next.outcome).toBe("succeeded");
    expect(next.messages).toContainEqual(expect.stringMatching(/^warning a: .*interrupted while creating/));
    expect((await stack.state()).resources).toEqual(["a"]);
  });

  it("a provider that hangs is waited for at the first interrupt and ended at the second", async () => {
    const [first, second] = [new AbortController(), new AbortController()];
    const running = stack.run("up", `new Dyn("a", { hangs: true });`, {
      signal: first.signal,
      kill: second.signal,
      onEvent: (event) => {
        if (event.kind === "step-started" && event.urn.endsWith("::a")) setTimeout(() => first.abort(), 50);
      },
    });
    await new Promise((resolve) => first.signal.addEventListener("abort", resolve));
    expect(await Promise.race([running, sleep(300, "waiting")])).toBe("waiting");
    second.abort();
    expect((await running).outcome).toBe("interrupted");
    expect(await stack.state()).toEqual({ resources: [], pending: ["creating a"] });
    const looked = await stack.run("refresh", "", { clearPendingCreates: true });
    expect(looked.messages).toContainEqual(expect.stringMatching(/^info a: .*no longer named as pending/));
    expect(await stack.state()).toEqual({ resources: [], pending: [] });
  });

  it("a program that never ends is ended by an interrupt, and what it made is kept", async () => {
    const interrupt = new AbortController();
    const { outcome, steps } = await stack.run("up", `new Dyn("a"); setInterval(() => undefined, 1000);`, {
      signal: interrupt.signal,
      onEvent: (event) => {
        if (event.kind === "step-done" && event.urn.endsWith("::a")) interrupt.abort();
      },
    });
    expect({ outcome, steps }).toMatchObject({
      outcome: "interrupted",
      steps: expect.arrayContaining(["create a"]) as unknown,
    });
    expect(await stack.state()).toEqual({ resources: ["a"], pending: [] });
  });

  it("a program that throws is told at once, with its own words and lines", async () => {
    const begun = Date.now();
    const { outcome, messages } = await stack.run("up", `throw new Error("a bug");`);
    expect(outcome).toBe("failed");
    expect(messages).toContainEqual(expect.stringMatching(/Error: a bug\n +at .*index\.js/));
    expect(Date.now() - begun).toBeLessThan(15_000);
  });

  it("a program that ends with a code of its own fails and deletes nothing", async () => {
    await stack.run("up", `new Dyn("a");`);
    const left = await stack.run("up", `process.exit(3);`);
    expect(left.outcome).toBe("failed");
    expect(left.messages).toContainEqual(expect.stringContaining("the program ended with code 3"));
    expect(await stack.state()).toEqual({ resources: ["a"], pending: [] });
    expect(await stack.cloud()).toEqual(["a"]);
  });

  it("resources that wait for one another fail with a word about it and do not hang", async () => {
    const cycle = `const of = {}; const b = new Promise((resolve) => (of.b = resolve));
      const a = new Dyn("a", {}, { dependsOn: b }); of.b(new Dyn("b", { value: a.urn }));`;
    const { outcome, messages } = await stack.run("up", cycle);
    expect(outcome).toBe("failed");
    expect(messages.join("\n")).toMatch(/still active|unresolved|cycl/i);
    expect((await stack.state()).resources).toEqual([]);
  });

  it("a name given twice is refused by its URN", async () => {
    const { outcome, messages } = await stack.run("preview", `new Dyn("a"); new Dyn("a");`);
    expect(outcome).toBe("failed");
    expect(messages).toContainEqual(expect.stringMatching(/^error a: Duplicate resource URN .*::a'/));
  });

  it("a plugin that is not there is named, with the way to get it", async () => {
    const program = `new pulumi.CustomResource("nowhere:index:Thing", "a", {}, { version: "1.2.3" });`;
    const { outcome, messages } = await stack.run("preview", program);
    expect(outcome).toBe("failed");
    expect(messages.join("\n")).toMatch(/pulumi-resource-nowhere 1\.2\.3 is neither on PATH nor in/);
    expect(messages.join("\n")).toContain("pulumi plugin install resource nowhere 1.2.3");
  });

  it("a hook for errors has a failed step tried again", async () => {
    const program = `const again = new pulumi.ErrorHook("again", async ({ errors }) => errors.length < 3);
      new Dyn("a", { fails: 2 }, { hooks: { onError: [again] } });
      new Dyn("b", { fails: 9 }, { hooks: { onError: [again] } });`;
    const { outcome, messages } = await stack.run("up", program);
    expect(outcome).toBe("failed");
    expect(messages).toContainEqual(
      expect.stringMatching(/^warning a: trying create again, as a hook asks \(2 of/),
    );
    expect(messages).toContainEqual(expect.stringMatching(/^error b: no room for b/));
    expect(await stack.state()).toEqual({ resources: ["a"], pending: [] });
  });

  it("an import by command is refused, and the CLI named", async () => {
    await expect(importResources(stack.address)).rejects.toThrow("pulumi import");
  });
});
