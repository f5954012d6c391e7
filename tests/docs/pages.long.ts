import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LocalStack } from "../harness/local-stack";
import { followedOnOneStack } from "./followed-pages";
import { commandsOf } from "./page";
import { Reader } from "./pages";

const limit = 600_000;
let reader: Reader;
let nothing: LocalStack;
let own: NodeJS.ProcessEnv;

beforeAll(async () => {
  reader = await Reader.begin();
  nothing = await LocalStack.open();
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

test.each(followedOnOneStack)(
  "docs/%s does what it says, command after command",
  async (page) => {
    for (const { line, code } of commandsOf(page))
      await reader.type(line, code, line.includes("--from-nothing") ? { DND_DIR: nothing.folder } : own);
  },
  limit,
);

test("what was recovered from nothing serves", async () => {
  expect((await fetch(`${nothing.url}/api/health`)).status).toBe(200);
});
