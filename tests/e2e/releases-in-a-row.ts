import { MongoClient } from "mongodb";
import { startLoad } from "../harness/load";
import type { CommandResult, LocalStack } from "../harness/local-stack";
import { startWriting } from "../harness/writing";

const bad = { NODE_OPTIONS: "--no-such-option" };

/** Releases a version of the app. */
export async function ship(
  stack: LocalStack,
  version: string,
  env: Record<string, string> = {},
): Promise<CommandResult> {
  await stack.configure({ app: { version, env } });
  return stack.dnd("up", "--yes");
}

/** The version that serves. */
export async function versionOf(stack: LocalStack): Promise<string> {
  return ((await (await fetch(`${stack.url}/api/health`)).json()) as { version: string }).version;
}

async function quarantined(stack: LocalStack): Promise<string[]> {
  const { stdout } = await stack.dnd("rollback", "quarantine", "--json");
  return (JSON.parse(stdout) as { _id: string }[]).map(({ _id }) => _id);
}

/** How many of the writes of the load the database holds. */
async function keptWrites(stack: LocalStack): Promise<number> {
  const { databaseUri, databaseName } = (await stack.outputs()) as Record<string, string>;
  const client = await MongoClient.connect(databaseUri ?? "");
  try {
    const parties = client.db(databaseName).collection("parties");
    return await parties.countDocuments({ name: /^party-of-the-load-/ });
  } finally {
    await client.close();
  }
}

/** Declares what a team does in a bad week, on a stack where version 1.0.0 serves, with a load on it all the while. */
export function promiseReleasesInARow(stackOf: () => LocalStack): void {
  test("ship 1, 2 and a bad 3 that is undone by itself; ship 4; back to 2; forward to 4: no request fails and no write is lost", async () => {
    const stack = stackOf();
    const load = startLoad(`${stack.url}/api/characters`, 50);
    const writing = startWriting(`${stack.url}/api/parties`, 10);
    const codes = { two: (await ship(stack, "2.0.0")).code, three: (await ship(stack, "3.0.0", bad)).code };
    const afterThree = await versionOf(stack);
    const again = await stack.dnd("up", "--yes");
    const four = await ship(stack, "4.0.0");
    const back = await stack.dnd("rollback", "app", "--yes", "--reason", "four is slow");
    const afterBack = await versionOf(stack);
    const plain = await stack.dnd("up", "--yes");
    const afterPlain = await versionOf(stack);
    const digests = await quarantined(stack);
    for (const digest of digests) await stack.dnd("rollback", "release-image", digest, "--yes");
    const forward = await stack.dnd("up", "--yes");
    const [requests, written] = [await load.stop(), await writing.stop()];

    expect(codes).toEqual({ two: 0, three: 1 });
    expect(afterThree).toBe("2.0.0");
    expect(again.code).toBe(3);
    expect(again.stdout + again.stderr).toContain("dnd rollback release-image sha256:");
    expect(four.code).toBe(0);
    expect(back.stdout + back.stderr).not.toMatch(/^error/m);
    expect(back.code).toBe(0);
    expect(afterBack).toBe("2.0.0");
    expect(plain.code).toBe(3);
    expect(afterPlain).toBe("2.0.0");
    expect(digests).toHaveLength(2);
    expect(forward.code).toBe(0);
    expect(await versionOf(stack)).toBe("4.0.0");
    expect(requests.failures).toEqual({});
    expect(written.failures).toEqual({});
    expect(written.accepted).toBeGreaterThan(0);
    expect(await keptWrites(stack)).toBe(written.accepted);
  }, 600_000);
}
