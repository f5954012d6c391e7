import { createHash } from "node:crypto";
import { openStore } from "../../../../infra/drivers/store";
import { messageOf, OperatorError } from "../../../../infra/support";

// Sends or reads an object in a process of its own, as a backup does; tells how it went as one line of JSON.

const [, , action = "", place = "", name = "", mebibytes = "0"] = process.argv;

/** Bytes that can be made again, so that what comes back can be held against them. */
function megabyte(number: number): Buffer {
  return Buffer.alloc(1024 * 1024, createHash("sha256").update(String(number)).digest());
}

async function send(): Promise<string> {
  const pending = await openStore(place).create(name);
  const hash = createHash("sha256");
  for (let number = 0; number < Number(mebibytes); number++) {
    const bytes = megabyte(number);
    hash.update(bytes);
    await pending.write(bytes);
    process.stdout.write(`at ${number}\n`);
  }
  await pending.commit();
  return hash.digest("hex");
}

async function read(): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of await openStore(place).read(name)) {
    hash.update(chunk as Buffer);
    process.stdout.write(`at ${(chunk as Buffer).length}\n`);
  }
  return hash.digest("hex");
}

(action === "send" ? send() : read()).then(
  (sha256) => console.log(JSON.stringify({ sha256 })),
  (error: unknown) => {
    const code = error instanceof OperatorError ? error.code : "unknown";
    console.log(JSON.stringify({ code, message: messageOf(error) }));
    process.exitCode = 1;
  },
);
