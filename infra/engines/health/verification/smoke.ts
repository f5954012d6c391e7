import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { AppClient } from "./app-client";
import { CheckFailure } from "./check";
import { removeTestData, testDataPrefix } from "./test-data";

const record = z.object({ id: z.string() });
const fight = z.object({
  status: z.string(),
  turnIndex: z.number(),
  combatants: z.array(z.object({ hitPoints: z.object({ current: z.number() }) })),
});

/** Plays a little: a party, a character, a fight with a turn. Whatever happens, nothing of it stays. */
export async function playsAGame(app: AppClient): Promise<string> {
  const marker = `${testDataPrefix}${randomBytes(6).toString("hex")}`;
  try {
    const partyId = await create(app, "/api/parties", { name: marker });
    await keepsACharacter(app, marker, partyId);
    await playsAFight(app, marker, partyId);
  } catch (error) {
    // The reason of the failure counts; what cannot be removed now is removed by the next verification.
    await removeTestData(app.undisturbed(5000), marker).catch(() => undefined);
    throw error;
  }
  await removeTestData(app, marker);
  return "a character, a party and a fight were made, changed and removed";
}

async function keepsACharacter(app: AppClient, marker: string, partyId: string): Promise<void> {
  const character = { name: `${marker} hero`, class: "Wizard", level: 1, armorClass: 12, partyId };
  const hitPoints = { current: 8, max: 8 };
  const path = `/api/characters/${await create(app, "/api/characters", { ...character, hitPoints })}`;
  await expectBody(app, "GET", path, undefined, z.object({ name: z.literal(character.name) }));
  await expectBody(app, "PATCH", path, { level: 2 }, z.object({ level: z.literal(2) }));
  await expectStatus(app, "DELETE", path, undefined, 204);
  await expectStatus(app, "GET", path, undefined, 404);
}

async function playsAFight(app: AppClient, marker: string, partyId: string): Promise<void> {
  const combatants = ["hero", "goblin"].map((name, at) => ({
    name,
    initiative: 20 - at,
    hitPoints: { current: 7, max: 7 },
  }));
  const path = `/api/encounters/${await create(app, "/api/encounters", { name: marker, partyId, combatants })}`;
  await expectBody(app, "POST", `${path}/start`, {}, z.object({ status: z.literal("active") }));
  await expectBody(app, "POST", `${path}/turn`, {}, z.object({ turnIndex: z.literal(1) }));
  const hit = await expectBody(app, "POST", `${path}/damage`, { combatant: 1, amount: 3 }, fight);
  const left = hit.combatants[1]?.hitPoints.current;
  if (left !== 4) throw new CheckFailure(`POST ${path}/damage left ${left} hit points, expected 4`);
  await expectBody(app, "POST", `${path}/finish`, {}, z.object({ status: z.literal("finished") }));
}

async function create(app: AppClient, path: string, body: object): Promise<string> {
  return (await expectBody(app, "POST", path, body, record, 201)).id;
}

async function expectBody<T>(
  app: AppClient,
  method: string,
  path: string,
  body: object | undefined,
  schema: z.ZodType<T>,
  status = 200,
): Promise<T> {
  const parsed = schema.safeParse(await expectStatus(app, method, path, body, status));
  if (parsed.success) return parsed.data;
  throw new CheckFailure(`${method} ${path} answered something else than expected: ${parsed.error.message}`);
}

async function expectStatus(
  app: AppClient,
  method: string,
  path: string,
  body: object | undefined,
  status: number,
): Promise<unknown> {
  const answer = await app.ask(method, path, body);
  if (answer.status === status) return answer.body;
  const said = JSON.stringify(answer.body ?? null).slice(0, 300);
  throw new CheckFailure(`${method} ${path} answered ${answer.status}, expected ${status}: ${said}`);
}
