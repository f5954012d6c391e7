import { Script } from "node:vm";
import { openTable, type Table } from "./table";

let table: Table;
let home: string;

beforeAll(async () => {
  table = await openTable();
  const party = { name: `<script>alert("x")</script> & 'friends'` };
  const partyId = (await table.ask<{ id: string }>("POST", "/api/parties", party)).body.id;
  const character = { class: "Bard", level: 1, armorClass: 11, hitPoints: { current: 5, max: 9 } };
  await table.ask("POST", "/api/characters", { ...character, name: "Finn", partyId });
  const encounter = { name: "Ambush", partyId };
  const { body } = await table.ask<{ id: string }>("POST", "/api/encounters", encounter);
  await table.ask("POST", "/api/encounters", { ...encounter, name: "Later" });
  await table.ask("POST", `/api/encounters/${body.id}/start`, {});
  home = (await table.ask<string>("GET", "/")).body as unknown as string;
});
afterAll(async () => {
  await table.stop();
});

const text = async (path: string) => (await fetch(table.url + path)).text();

describe("the page", () => {
  test("shows parties, characters and encounters with their turn", () => {
    for (const shown of ["Finn", "Ambush", "Bard, level 1", 'aria-current="step"', "Next turn", "round 1"]) {
      expect(home).toContain(shown);
    }
  });

  test("never lets a name become markup", () => {
    expect(home).not.toContain("<script>alert");
    expect(home).toContain("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;friends&#39;");
  });

  test("loads nothing from elsewhere and runs nothing inline", async () => {
    const policy = (await fetch(table.url)).headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("unsafe");
    expect(home).not.toMatch(/https?:\/\//);
    expect(home).not.toMatch(/\son\w+=|<style|style=|<script(?! src)/);
  });

  test("serves all that it names", async () => {
    const named = [...home.matchAll(/(?:href|src)="(\/[^"]*)"/g)].map(([, path]) => path ?? "");
    expect(named.length).toBeGreaterThan(4);
    for (const path of named) expect((await fetch(table.url + path)).status).toBe(200);
  });

  test("has a script that is JavaScript, and a style for light, dark and small screens", async () => {
    const script = await text("/assets/app.js");
    expect(() => new Script(script)).not.toThrow();
    expect(await text("/assets/style.css")).toContain("light-dark(");
    expect(home).toContain('name="viewport"');
  });

  test("gives every field and button a name that can be read out", () => {
    const fields =
      home.match(/<(?:input|select)\b[^>]*>/g)?.filter((one) => !one.includes('type="hidden"')) ?? [];
    expect(fields.length).toBeGreaterThan(8);
    for (const field of fields) {
      const before = home.slice(0, home.indexOf(field));
      const labelled = before.lastIndexOf("<label") > before.lastIndexOf("</label>");
      expect({ field, named: labelled || field.includes("aria-label=") }).toEqual({ field, named: true });
    }
    expect(home).not.toMatch(/<button[^>]*>\s*<\/button>/);
    expect(home).toContain('<html lang="en">');
  });

  test("sends its forms only to addresses that the API has", async () => {
    const forms = [...home.matchAll(/<form\b[^>]*>/g)].map(([form]) => form);
    const targets = forms.map((form) => ({
      path: /action="([^"]+)"/.exec(form)?.[1] ?? "",
      method: /data-method="([^"]+)"/.exec(form)?.[1] ?? "POST",
    }));
    targets.push(
      ...[...home.matchAll(/formaction="([^"]+)"/g)].map(([, path]) => ({
        path: path ?? "",
        method: "POST",
      })),
    );
    expect(targets.length).toBeGreaterThan(8);
    for (const { path, method } of targets) {
      // Wrong on purpose where it would change something: the address must exist, nothing may happen.
      const probe =
        method === "DELETE" ? await table.ask("OPTIONS", path) : await table.ask(method, path, "no");
      expect({ path, status: probe.status }).toEqual({ path, status: method === "DELETE" ? 405 : 400 });
      if (method === "DELETE") expect(probe.headers.get("allow")).toContain("DELETE");
    }
  });
});

describe("the dashboard", () => {
  test("is answered by the app, under its own policy, with all that it names", async () => {
    const answer = await fetch(`${table.url}/deployments`);
    const page = await answer.text();
    expect(page).toContain("nothing was released into this database yet");
    expect(answer.headers.get("content-security-policy")).toContain("img-src 'self' data:");
    const named = [...page.matchAll(/(?:href|src)="(\/[^"#]*)"/g)].map(([, path]) => path ?? "");
    expect(named).toEqual(expect.arrayContaining(["/status", "/deployments/assets/dashboard.js"]));
    for (const path of named)
      expect({ path, status: (await fetch(table.url + path)).status }).toEqual({ path, status: 200 });
  });

  test("keeps no place for those who ask for the head of the events alone", async () => {
    const heads = Array.from({ length: 101 }, () =>
      fetch(`${table.url}/deployments/events`, { method: "HEAD" }),
    );
    for (const { status } of await Promise.all(heads)) expect(status).toBe(200);
    const events = await fetch(`${table.url}/deployments/events`);
    expect(events.headers.get("content-type")).toContain("text/event-stream");
    await events.body?.cancel();
  });

  test("hears of a release by the app, on a server that scans no tables", async () => {
    const events = await fetch(`${table.url}/deployments/events`);
    const reader = events.body?.pipeThrough(new TextDecoderStream()).getReader();
    let seen = "";
    const until = async (wanted: RegExp) => {
      while (reader && !wanted.test(seen)) seen += (await reader.read()).value ?? "";
    };
    await until(/event: changed/);
    const release = { _id: 1, state: "running" } as { _id: number };
    await table.operations.collection<{ _id: number }>("releases").insertOne(release);
    await until(/event: changed[^]*event: changed/);
    expect(seen).toMatch(/^retry: \d+\n/);
    await reader?.cancel();
    expect(await text("/deployments")).toContain("recorded by another edition");
  });
});
