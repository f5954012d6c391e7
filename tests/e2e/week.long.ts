import { readFile } from "node:fs/promises";
import { foundIn, said, TrackerWeek, until } from "./week/tracker-week";

interface Told {
  number: number;
  state: string;
  image: { version: string };
}
interface Timeline {
  incident: { _id: number; closedAt: string | null; timeline: { kind: string; text: string }[] };
  postMortem: string | null;
}
interface Audited {
  entries: { command: string; outcome: { code: number | null } | null }[];
}

const fine = { code: 0, said: "" };
const torches = "20300101000000";
const limit = 300_000;
let week: TrackerWeek;

beforeAll(async () => {
  week = await TrackerWeek.begin();
}, limit);
afterAll(() => week.end(), limit);

const dnd = (...words: [string, ...string[]]) => week.stack.plain(...words);
const releases = async () =>
  (await week.told<Told[]>("release", "list"))
    .map(({ number, state, image }) => `${number} ${image.version} ${state}`)
    .reverse();
const texts = ({ incident }: Timeline) => incident.timeline.map(({ text }) => text);

test(
  "Monday: two releases, and the daily round finds all well",
  async () => {
    expect(said(await week.ship("1.0.0"))).toEqual(fine);
    await week.makeParty("The First");
    expect(said(await week.ship("2.0.0"))).toEqual(fine);
    const daily = await week.round("daily");
    expect(daily).toMatchObject({ code: 0, needsPerson: false });
    expect(foundIn(daily, "targets")[0]?.found).toBe("2 since yesterday, 0 of them failed");
  },
  limit,
);

test(
  "Tuesday: a bad release is undone by itself, and is told as failed",
  async () => {
    expect((await week.ship("3.0.0", { NODE_OPTIONS: "--no-such-option" })).code).toBe(1);
    expect(await week.version()).toBe("2.0.0");
    expect(await releases()).toEqual(["1 1.0.0 done", "2 2.0.0 done", "3 3.0.0 failed"]);
    const daily = await week.round("daily");
    expect(daily.code).toBe(1);
    expect(foundIn(daily, "health").map(({ found }) => found)).toEqual([
      expect.stringContaining("release 3 failed"),
    ]);
    expect(foundIn(daily, "targets")[0]?.found).toBe("3 since yesterday, 1 of them failed");
    expect(await readFile(daily.file, "utf8")).toMatch(/- \[ \] \*\*local\*\*: .*release 3 failed/);
  },
  limit,
);

test(
  "Wednesday: a migration is stuck; its incident leads to the lock of the dead, and the mended file goes through",
  async () => {
    await week.writeMigration(torches, "await new Promise((resolve) => setTimeout(resolve, 600_000));");
    await week.stack.configure({ app: { version: "3.0.1", env: {} } });
    const stuck = week.stack.start("up", "--yes");
    await until(() =>
      week.inDatabase(
        async (db) => (await db.collection("migrations").countDocuments({ version: torches })) > 0,
      ),
    );
    stuck.kill("SIGKILL");
    await stuck.result;
    expect(said(await dnd("cancel"))).toEqual(fine);

    expect(said(await dnd("incident", "start", "torches", "--kind", "migration"))).toEqual(fine);
    expect((await dnd("incident", "step")).stdout).toContain(torches);
    expect(said(await dnd("incident", "step", "unlock", "--yes"))).toEqual(fine);
    await week.writeMigration(torches, "");
    expect(said(await week.stack.dnd("up", "--yes"))).toEqual(fine);
    expect(said(await dnd("incident", "step", "verify"))).toEqual(fine);
    const closed = await week.told<Timeline>("incident", "close", "the file was mended");
    expect(texts(closed)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^release 4 failed/),
        "release 5 done",
        "the file was mended",
      ]),
    );
    expect(await readFile(closed.postMortem ?? "", "utf8")).toContain("# Incident 1: torches");
  },
  limit,
);

test(
  "Thursday: the maintenance window stands before the app, and ends by itself",
  async () => {
    const status = async () => (await fetch(week.stack.url)).status;
    expect(said(await dnd("maintenance", "on", "--until", "4s", "--message", "New tables."))).toEqual(fine);
    await until(async () => (await status()) === 503);
    expect((await fetch(`${week.stack.url}/api/health`)).status).toBe(200);
    await until(async () => (await status()) === 200);
    expect(await week.told("maintenance", "status")).toMatchObject({ on: false });
  },
  limit,
);

test(
  "Saturday: the monthly round's restore test finds corrupt data, a recovery brings the good back, and the post-mortem tells it",
  async () => {
    await week.makeParty("The Kept");
    const { id: good } = await week.told<{ id: string }>("backup", "create");
    await week.inDatabase(async (db) => {
      await db
        .collection<{ _id: string }>("characters")
        .insertOne({ _id: "broken" }, { bypassDocumentValidation: true });
    });
    await week.told("backup", "create");
    const found = await week.round("monthly");
    expect(found.code).toBe(1);
    expect(foundIn(found, "restore test")).toEqual([
      expect.objectContaining({ state: "act", found: expect.stringMatching(/characters.*broken/) }),
    ]);

    expect(said(await dnd("incident", "start", "broken sheets", "--kind", "corruption"))).toEqual(fine);
    expect(said(await dnd("incident", "step", "stop", "--yes"))).toEqual(fine);
    expect((await dnd("incident", "step", "archives")).stdout).toContain(good);
    expect(said(await dnd("incident", "step", "recover", "--backup", good, "--yes"))).toEqual(fine);
    expect(said(await dnd("incident", "step", "verify"))).toEqual(fine);
    expect(said(await dnd("incident", "step", "open", "--yes"))).toEqual(fine);
    const closed = await week.told<Timeline>("incident", "close", "recovered");
    expect(texts(closed)).toEqual(
      expect.arrayContaining([
        expect.stringContaining(`dnd recover --backup ${good} --stack local`),
        "dnd recover, exit code 0",
        "recovered",
      ]),
    );
    expect(await readFile(closed.postMortem ?? "", "utf8")).toContain("5 of 5 steps.");
    expect(await week.parties()).toContain("The Kept");
    const broken = (await week.inDatabase((db) =>
      db.collection("characters").countDocuments({ _id: "broken" as never }),
    )) as number;
    expect(broken).toBe(0);
  },
  limit,
);

test(
  "Sunday: the weekly round, the incidents and the audit tell the week as it was",
  async () => {
    const weekly = await week.round("weekly");
    expect(foundIn(weekly, "test backup")).toEqual([expect.objectContaining({ state: "ok" })]);
    expect(
      foundIn(weekly, "targets").map(({ subject, state, found }) => `${state} ${subject}: ${found}`),
    ).toContainEqual(expect.stringMatching(/^act success rate: 4 of 6 releases went well \(67 %\)/));
    expect(await releases()).toEqual([
      "1 1.0.0 done",
      "2 2.0.0 done",
      "3 3.0.0 failed",
      "4 3.0.1 failed",
      "5 3.0.1 done",
      "6 3.0.1 done",
    ]);
    const { incidents } = await week.told<{ incidents: { title: string; closedAt: string | null }[] }>(
      "incident",
      "list",
    );
    expect(incidents.map(({ title, closedAt }) => [title, closedAt !== null])).toEqual([
      ["broken sheets", true],
      ["torches", true],
    ]);
    const { entries } = await week.told<Audited>("audit");
    const done = entries.map(({ command, outcome }) => `${command} ${outcome?.code ?? "cut off"}`);
    expect(done).toEqual(
      expect.arrayContaining(["up 0", "up 1", "up cut off", "maintenance 0", "recover 0", "incident 0"]),
    );
  },
  limit,
);
