import { setTimeout as sleep } from "node:timers/promises";
import { isLive, progressDisplay, showProgress, wantsColor } from "../../../../embedded/pulumi/display";
import { canaries, Page, toldOperation, urns } from "./told-operation";

const escape = String.fromCharCode(27);
const options = { secrets: ["canary-config-6"] };

const { CI: outside } = process.env;
beforeAll(() => delete process.env.CI);
afterAll(() => {
  if (outside !== undefined) process.env.CI = outside;
});

async function shown(more: { diff?: boolean; dryRun?: boolean; showSames?: boolean } = {}): Promise<Page> {
  const page = new Page();
  await showProgress(toldOperation(more.dryRun), { stream: page, ...options, ...more });
  return page;
}

describe("an operation shown in plain lines", () => {
  it("has a line for each step as it starts and ends, with time, difference and messages", async () => {
    const page = await shown();
    expect(page.lines.slice(0, 13)).toEqual([
      "Updating (dev):",
      expect.stringMatching(/^ ~ {2}pulumi-nodejs:dynamic\/dnd:Backup changed updating \(\d.*\)$/),
      expect.stringMatching(
        /^ ~ {2}pulumi-nodejs:dynamic\/dnd:Backup changed updating \(.*\) half way, \[secret\]$/,
      ),
      " ~  pulumi-nodejs:dynamic/dnd:Backup changed updated (0.01s) [diff: +fresh-once~list,size,token]",
      expect.stringContaining(" ++ pulumi-nodejs:dynamic/dnd:Backup replaced creating replacement"),
      " ++ pulumi-nodejs:dynamic/dnd:Backup replaced created replacement (0.00s)",
      " +- pulumi-nodejs:dynamic/dnd:Backup replaced replaced (1s) [diff: ~zone]",
      expect.stringContaining(" -  aws:s3:Bucket gone deleting"),
      " -  aws:s3:Bucket gone deleted (1m5s)",
      expect.stringContaining(" +  pulumi-nodejs:dynamic/dnd:Backup failing creating"),
      " +  pulumi-nodejs:dynamic/dnd:Backup failing **creating failed** error: it broke: [secret]",
      "",
      "Diagnostics:",
    ]);
  });

  it("says again what still works after a while", async () => {
    const page = new Page();
    const display = progressDisplay({ stream: page, ...options, stillEveryMs: 5 });
    for (const event of toldOperation()) {
      display.show(event);
      if (event.kind === "step-started" && event.urn === urns.changed) break;
    }
    const still = () => page.lines.filter((line) => / updating \(/.test(line)).length;
    while (still() < 3) await sleep(5);
    display.end();
    const told = still();
    await sleep(30);
    expect(still()).toBe(told);
  });

  it("ends with diagnostics by resource, policies, outputs, counts and duration", async () => {
    const { text } = await shown();
    expect(text.slice(text.indexOf("Diagnostics:"))).toBe(`Diagnostics:
  pulumi:pulumi:Stack (lab-dev):
    hello
    from the program

  pulumi-nodejs:dynamic/dnd:Backup (replaced):
    warning: careful with [secret] [secret]

  pulumi-nodejs:dynamic/dnd:Backup (failing):
    error: it broke: [secret]
      [secret]
      [secret] [secret]

Policy Violations:
    [mandatory]  guard  never-public  (pulumi-nodejs:dynamic/dnd:Backup: replaced)
    says [secret]

Outputs:
  ~ nested: {
        kept: [
            [0]: 1
        ]
      ~ v   : "1" => "2"
    }
    token : [secret]
  ~ url   : "http://a" => "http://b"

Resources:
    ~ 1 updated
    - 1 deleted
    +-1 replaced
    3 changes. 3 unchanged
    1 errored

Duration: 1m1s

`);
  });

  it("of a preview says what would be done, shows unknowns as such, and no times", async () => {
    const { text } = await shown({ dryRun: true });
    expect(text).toContain("Previewing update (dev):");
    expect(text).toContain(" ~  pulumi-nodejs:dynamic/dnd:Backup changed update [diff:");
    expect(text).toContain('~ url   : "http://a" => [unknown]');
    expect(text).toContain("+-1 to replace");
    expect(text).not.toContain("Duration");
    expect(text).not.toContain("token : [secret]");
  });

  it("with --diff tells every property, its change, and what forces a replacement", async () => {
    const { text } = await shown({ diff: true });
    expect(text).toContain(`    ~ pulumi-nodejs:dynamic/dnd:Backup: (update)
        [id=changed-id]
        [urn=${urns.changed}]
      + fresh: "f"
      ~ list : [
            [0]: 1
          ~ [1]: {
              ~ key: "x" => "y"
            }
          + [2]: 3
        ]
      - once : true
      ~ size : 1 => 2
      ~ token: [secret] => [secret]
    +-pulumi-nodejs:dynamic/dnd:Backup: (replace)
        [id=one]
        [urn=${urns.replaced}]
      +-zone: "a" => "b"
    - aws:s3:Bucket: (delete)`);
  });

  it("shows the unchanged only when asked", async () => {
    expect((await shown()).text).not.toContain("quiet");
    expect((await shown({ showSames: true })).text).toContain("quiet");
  });
});

describe("an operation shown on a terminal", () => {
  const terminal = { isTTY: true, columns: 96, rows: 6 };

  it("is a tree that is drawn over itself while it runs and stands whole at the end", async () => {
    const page = new Page(terminal);
    const display = progressDisplay({ stream: page, color: false, ...options });
    for (const event of toldOperation()) {
      display.show(event);
      if (event.kind === "diagnostic" && event.ephemeral) await sleep(250);
    }
    await sleep(250);
    display.end();
    const drawings = page.text.split(new RegExp(`${escape}\\[\\d+A${escape}\\[0J`));
    expect(drawings.length).toBeGreaterThan(2);
    expect(drawings[0]).toContain("half way, [secret]");
    for (const line of drawings.slice(0, -1).flatMap((drawing) => drawing.split("\n")))
      expect(line.length).toBeLessThan(96);
    for (const drawing of drawings.slice(0, -1)) expect(drawing.split("\n").length).toBeLessThanOrEqual(6);
    expect(
      drawings
        .at(-1)
        ?.split("\n\n")[0]
        ?.split("\n")
        .map((line) => line.trimEnd()),
    ).toEqual([
      "     Type                                    Name      Status               Info",
      "     pulumi:pulumi:Stack                     lab-dev",
      "     ├─ lab:index:Pair                       pair",
      " ~   │  └─ pulumi-nodejs:dynamic/dnd:Backup  changed   updated (0.01s)      [diff: +fresh-once~list,size,token]",
      " +-  ├─ pulumi-nodejs:dynamic/dnd:Backup     replaced  replaced (1s)        [diff: ~zone]; warning: careful with [secret] [secret]",
      " -   ├─ aws:s3:Bucket                        gone      deleted (1m5s)",
      " +   └─ pulumi-nodejs:dynamic/dnd:Backup     failing   **creating failed**  error: it broke: [secret]",
    ]);
  });

  it("is coloured unless NO_COLOR says no, and live unless the terminal is a dumb one", () => {
    expect(wantsColor({ isTTY: true }, {})).toBe(true);
    expect(wantsColor({ isTTY: true }, { NO_COLOR: "1" })).toBe(false);
    expect(wantsColor({ isTTY: false }, {})).toBe(false);
    expect(isLive({ isTTY: true }, { NO_COLOR: "1" })).toBe(true);
    expect(isLive({ isTTY: true }, { TERM: "dumb" })).toBe(false);
    expect(isLive({ isTTY: true }, { CI: "true" })).toBe(false);
  });
});

it("no secret reaches any output, live or plain, coloured or not, with details or without", async () => {
  for (const isTTY of [true, false]) {
    for (const color of [true, false]) {
      for (const diff of [true, false]) {
        for (const dryRun of [true, false]) {
          const page = new Page({ isTTY });
          await showProgress(toldOperation(dryRun), {
            stream: page,
            color,
            diff,
            showSames: true,
            ...options,
          });
          const leaked = canaries.flatMap((one) => one.split("\n")).filter((one) => page.text.includes(one));
          expect({ isTTY, color, diff, dryRun, leaked }).toMatchObject({ leaked: [] });
        }
      }
    }
  }
});

it("an operation that never finished is still shown as far as it came", async () => {
  const page = new Page();
  await showProgress(toldOperation().slice(0, 9), { stream: page });
  expect(page.text).toContain("created replacement");
  expect(page.text).not.toContain("Resources:");
});
