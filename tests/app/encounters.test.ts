import { openTable, type Table } from "./table";

interface Fight {
  id: string;
  status: string;
  round: number;
  turnIndex: number;
  combatants: { name: string; initiative: number; hitPoints: { current: number; max: number } }[];
}

const goblin = { name: "Goblin", initiative: 8, hitPoints: { current: 7, max: 7 } };
const hero = { name: "Lia", initiative: 15, hitPoints: { current: 12, max: 15 } };

let table: Table;
let partyId: string;

beforeAll(async () => {
  table = await openTable();
  partyId = (await table.ask<{ id: string }>("POST", "/api/parties", { name: "Stormwind" })).body.id;
});
afterAll(async () => {
  await table.stop();
});

const post = (path: string, body: object = {}) => table.ask<Fight>("POST", path, body);

async function fight(start = true): Promise<string> {
  const combatants = [goblin, hero];
  const { body } = await post("/api/encounters", { name: "Ambush", partyId, combatants });
  const path = `/api/encounters/${body.id}`;
  if (start) await post(`${path}/start`);
  return path;
}

describe("an encounter", () => {
  test("goes from planned over turns and rounds to finished, the highest initiative first", async () => {
    const path = await fight(false);
    const planned = await table.ask<Fight>("GET", path);
    expect(planned.body).toMatchObject({ status: "planned", round: 0 });
    expect(planned.body.combatants.map((one) => one.name)).toEqual(["Lia", "Goblin"]);
    expect((await post(`${path}/start`)).body).toMatchObject({ status: "active", round: 1, turnIndex: 0 });
    expect((await post(`${path}/turn`)).body).toMatchObject({ round: 1, turnIndex: 1 });
    expect((await post(`${path}/turn`)).body).toMatchObject({ round: 2, turnIndex: 0 });
    expect((await post(`${path}/finish`)).body.status).toBe("finished");
    expect((await post(`${path}/turn`)).status).toBe(409);
    expect((await table.ask("DELETE", path)).status).toBe(204);
  });

  test("without combatants takes the party's characters, and more by hand until it starts", async () => {
    const own = (await table.ask<{ id: string }>("POST", "/api/parties", { name: "Ravens" })).body.id;
    const character = { class: "Bard", level: 1, armorClass: 11, hitPoints: { current: 5, max: 9 } };
    await table.ask("POST", "/api/characters", { ...character, name: "Finn", partyId: own });
    const { body } = await post("/api/encounters", { name: "Ambush", partyId: own });
    expect(body.combatants).toMatchObject([{ name: "Finn", hitPoints: { current: 5, max: 9 } }]);
    const path = `/api/encounters/${body.id}`;
    const added = await post(`${path}/combatants`, { ...goblin, initiative: 50 });
    expect(added.body.combatants.map((one) => one.name)).toEqual(["Goblin", "Finn"]);
    await post(`${path}/start`);
    expect((await post(`${path}/combatants`, goblin)).status).toBe(409);
  });

  test("with nobody in it does not start", async () => {
    const { body } = await post("/api/encounters", { name: "Empty", partyId, combatants: [] });
    expect((await post(`/api/encounters/${body.id}/start`)).status).toBe(409);
  });

  test("never leaves hit points below none or above the most", async () => {
    const path = await fight();
    const points = async (what: string, amount: number) =>
      (await post(`${path}/${what}`, { combatant: 1, amount })).body.combatants[1]?.hitPoints;
    expect(await points("damage", 3)).toEqual({ current: 4, max: 7 });
    expect(await points("damage", 900)).toEqual({ current: 0, max: 7 });
    expect(await points("heal", 2)).toEqual({ current: 2, max: 7 });
    expect(await points("heal", 900)).toEqual({ current: 7, max: 7 });
    expect((await post(`${path}/damage`, { combatant: 2, amount: 1 })).status).toBe(409);
    expect((await post(`${path}/damage`, { combatant: 0, amount: -1 })).status).toBe(400);
  });

  test("loses no blow of two players who hit at once", async () => {
    const { body } = await post("/api/encounters", {
      name: "Dragon",
      partyId,
      combatants: [{ name: "Dragon", initiative: 1, hitPoints: { current: 200, max: 200 } }],
    });
    const path = `/api/encounters/${body.id}`;
    await post(`${path}/start`);
    await Promise.all(Array.from({ length: 40 }, () => post(`${path}/damage`, { combatant: 0, amount: 3 })));
    const after = await table.ask<Fight>("GET", path);
    expect(after.body.combatants[0]?.hitPoints.current).toBe(80);
  });

  test("skips no turn when two players end the same one", async () => {
    const path = await fight();
    const seen = { round: 1, turnIndex: 0 };
    const answers = await Promise.all([post(`${path}/turn`, seen), post(`${path}/turn`, seen)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect((await table.ask<Fight>("GET", path)).body).toMatchObject({ round: 1, turnIndex: 1 });
  });

  test("is found by party and by status, the newest first", async () => {
    const first = await fight(false);
    const second = await fight();
    const ids = async (query: string) =>
      (await table.ask<{ encounters: Fight[] }>("GET", `/api/encounters?${query}`)).body.encounters.map(
        (one) => `/api/encounters/${one.id}`,
      );
    expect((await ids(`partyId=${partyId}`)).slice(0, 2)).toEqual([second, first]);
    expect(await ids("status=active")).toContain(second);
    expect(await ids("status=active")).not.toContain(first);
    expect((await table.ask("GET", "/api/encounters?status=lost")).status).toBe(400);
  });
});
