import { openTable, type Table } from "./table";

interface Named {
  id: string;
  name: string;
  partyId?: string;
}

const hero = { name: "Lia", class: "Wizard", level: 3, hitPoints: { current: 12, max: 15 }, armorClass: 12 };

let table: Table;

beforeAll(async () => {
  table = await openTable();
});
afterAll(async () => {
  await table.stop();
});
afterEach(async () => {
  for (const name of ["characters", "parties"]) await table.db.collection(name).deleteMany({});
});

async function party(name: string): Promise<string> {
  return (await table.ask<Named>("POST", "/api/parties", { name })).body.id;
}

describe("characters", () => {
  test("are made, read, changed and deleted", async () => {
    const made = await table.ask<Named>("POST", "/api/characters", hero);
    expect(made).toMatchObject({ status: 201, body: hero });
    const path = `/api/characters/${made.body.id}`;
    expect(made.headers.get("location")).toBe(path);
    expect(await table.ask("GET", path)).toMatchObject({ status: 200, body: { ...hero, id: made.body.id } });
    expect(await table.ask("PATCH", path, { level: 4 })).toMatchObject({ body: { ...hero, level: 4 } });
    expect((await table.ask("DELETE", path)).status).toBe(204);
    expect((await table.ask("GET", path)).status).toBe(404);
    expect(await table.db.collection("characters").countDocuments({})).toBe(0);
  });

  test("join a party that exists, and leave it", async () => {
    const partyId = await party("Stormwind");
    const { body } = await table.ask<Named>("POST", "/api/characters", { ...hero, partyId });
    expect(body.partyId).toBe(partyId);
    const left = await table.ask<Named>("PATCH", `/api/characters/${body.id}`, { partyId: null });
    expect(left.body).not.toHaveProperty("partyId");
    const nowhere = { ...hero, partyId: "0123456789abcdef01234567" };
    expect(await table.ask("POST", "/api/characters", nowhere)).toMatchObject({
      status: 400,
      body: { reasons: ["partyId: there is no such party"] },
    });
  });

  test("are listed by name, by party and by how the name begins, in parts", async () => {
    const partyId = await party("Stormwind");
    for (const name of ["Cora", "Arn", "Berit", "Arwen"]) {
      await table.ask("POST", "/api/characters", { ...hero, name, ...(name < "B" ? { partyId } : {}) });
    }
    const names = async (query: string) =>
      (await table.ask<{ characters: Named[] }>("GET", `/api/characters${query}`)).body.characters.map(
        (one) => one.name,
      );
    expect(await names("")).toEqual(["Arn", "Arwen", "Berit", "Cora"]);
    expect(await names(`?partyId=${partyId}`)).toEqual(["Arn", "Arwen"]);
    expect(await names("?startsWith=Arw")).toEqual(["Arwen"]);
    expect(await names("?limit=1&offset=2")).toEqual(["Berit"]);
  });

  test.each([
    [{ ...hero, level: 21 }, "level"],
    [{ ...hero, level: 1.5 }, "level"],
    [{ ...hero, name: "  " }, "name"],
    [{ ...hero, hitPoints: { current: 16, max: 15 } }, "hitPoints"],
    [{ ...hero, armorClass: "12" }, "armorClass"],
    [{ ...hero, name: { $gt: "" } }, "name"],
    [{ ...hero, gold: 5 }, "gold"],
  ])("with wrong values are refused with the reason: %j", async (body, subject) => {
    const answer = await table.ask<{ reasons: string[] }>("POST", "/api/characters", body);
    expect(answer.status).toBe(400);
    expect(answer.body.reasons.join()).toContain(subject);
    expect(await table.db.collection("characters").countDocuments({})).toBe(0);
  });

  test("with several wrong values are refused with all reasons at once", async () => {
    const wrong = { ...hero, level: 0, armorClass: 99 };
    const answer = await table.ask<{ reasons: string[] }>("POST", "/api/characters", wrong);
    expect(answer.body.reasons).toHaveLength(2);
  });
});

describe("parties", () => {
  test("have a name that no other has", async () => {
    const id = await party("Stormwind");
    expect(await table.ask("POST", "/api/parties", { name: "Stormwind" })).toMatchObject({
      status: 409,
      body: { error: 'there is a party named "Stormwind" already' },
    });
    await party("Ravens");
    expect((await table.ask("PATCH", `/api/parties/${id}`, { name: "Ravens" })).status).toBe(409);
    expect(await table.ask("PATCH", `/api/parties/${id}`, { name: "Owls" })).toMatchObject({
      body: { name: "Owls" },
    });
  });

  test("show their members, who go on without the party when it ends", async () => {
    const partyId = await party("Stormwind");
    const { body } = await table.ask<Named>("POST", "/api/characters", { ...hero, partyId });
    const shown = await table.ask<{ members: Named[] }>("GET", `/api/parties/${partyId}`);
    expect(shown.body.members.map((one) => one.id)).toEqual([body.id]);
    expect((await table.ask("DELETE", `/api/parties/${partyId}`)).status).toBe(204);
    expect((await table.ask("GET", `/api/characters/${body.id}`)).body).not.toHaveProperty("partyId");
  });
});
