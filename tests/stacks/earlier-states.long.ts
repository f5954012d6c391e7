import { readdirSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LocalStack } from "../harness/local-stack";

/** States of the local stack as earlier editions of the program have left them, one folder each. */
const recorded = join(__dirname, "earlier");
const passphrase = "recorded-for-a-test";

let stack: LocalStack;
afterEach(() => stack.close(), 120_000);

/** Lays a recorded state where the local stack keeps its own; the places in it are those of this run. */
async function leftBehind(edition: string): Promise<LocalStack> {
  const opened = await LocalStack.open();
  const stacks = join(opened.folder, "state", ".pulumi", "stacks", "dnd-tracker");
  await mkdir(stacks, { recursive: true, mode: 0o700 });
  const state = await readFile(join(recorded, edition, "local.json"), "utf8");
  const here = state.replaceAll("@FOLDER@", opened.folder).replace(/\b23456\b/g, String(opened.port));
  await writeFile(join(stacks, "local.json"), here);
  await writeFile(join(opened.folder, "state", ".pulumi", "meta.yaml"), "version: 1\n");
  await writeFile(join(opened.folder, "passphrase"), passphrase, { mode: 0o600 });
  return opened;
}

/** What Pulumi keeps of its own in a state is no resource of the program. */
async function urnsIn(edition: string): Promise<string[]> {
  const state = JSON.parse(await readFile(join(recorded, edition, "local.json"), "utf8")) as {
    checkpoint: { latest: { resources: { urn: string; type: string }[] } };
  };
  return state.checkpoint.latest.resources
    .filter(({ type }) => !type.startsWith("pulumi:providers:"))
    .map(({ urn }) => urn);
}

test.each(readdirSync(recorded))(
  "a change of our code replaces nothing: a state of the edition %s previews without it",
  async (edition) => {
    stack = await leftBehind(edition);
    const { code, stdout, stderr } = await stack.dnd("preview", "--json");
    if (code !== 0) throw new Error(stderr);
    const { steps } = JSON.parse(stdout) as { steps: { op: string; urn: string }[] };
    // What is new since then is made; of what there was nothing is replaced, deleted or forgotten.
    const known = steps.filter(({ op }) => op !== "create");
    expect(known.filter(({ op }) => op !== "same" && op !== "update")).toEqual([]);
    expect(known.map(({ urn }) => urn).sort()).toEqual((await urnsIn(edition)).sort());
  },
  120_000,
);
