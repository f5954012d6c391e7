import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LocalStack } from "../harness/local-stack";
import { followedOnOneStack } from "./followed-pages";
import { commandsOf, type PageCommand } from "./page";
import { Reader } from "./pages";

const limit = 600_000;
let reader: Reader;
let nothing: LocalStack;
let own: NodeJS.ProcessEnv;

beforeAll(async () => {
  reader = await Reader.begin();
  nothing = await LocalStack.open({ app: { machines: 1 } });
  const { generateX25519Identity, identityToRecipient } = await import("age-encryption");
  const recovery = await generateX25519Identity();
  const key = join(nothing.folder, "recovery.key");
  await writeFile(key, `${recovery}\n`, { mode: 0o600 });
  own = { DND_BACKUP_IDENTITY_FILE: key };
  await reader.stack.configure({ backup: { recoveryRecipient: await identityToRecipient(recovery) } });
  reader.standIns
    .set("FOLDER", join(reader.stack.folder, "reports-elsewhere"))
    .set("s3://YOUR-BUCKET", join(reader.stack.folder, "backups"))
    .set("recovery.key", key)
    .set("--stack production", "--stack local");
}, limit);
afterAll(async () => {
  await nothing.close();
  await reader.end();
}, limit);

/** A page begins by bringing the stack up, which the page before has left up: that nothing changes then is promised elsewhere. */
function leftToType(page: string): PageCommand[] {
  const commands = commandsOf(page);
  const stands = page !== followedOnOneStack[0] && commands[0]?.line === "npx dnd up";
  return stands ? commands.slice(1) : commands;
}

test.each(followedOnOneStack)(
  "docs/%s does what it says, command after command",
  async (page) => {
    for (const { line, code } of leftToType(page))
      await reader.type(line, code, line.includes("--from-nothing") ? { DND_DIR: nothing.folder } : own);
  },
  limit,
);

test("what was recovered from nothing serves", async () => {
  expect((await fetch(`${nothing.url}/api/health`)).status).toBe(200);
});
