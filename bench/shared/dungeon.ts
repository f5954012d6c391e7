import type { Db, Document } from "mongodb";

const names = "Ada Borin Cael Dwalin Elowen Fizz Garrick Hilda Ivo Jarla Kethra Lorn Mirel Nox".split(" ");
const kinds = "goblin orc lich dragon ooze wraith troll mimic beholder giant ghoul harpy".split(" ");
const words =
  "the cleric casts a spell of light and the goblin falls back into shadow while its companions draw rusted blades; roll for initiative, advantage on the attack, resistance to cold, half damage on a save".split(
    " ",
  );

/** Numbers that are the same in every run: archives of two runs can be compared. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => (state = (state * 48_271) % 2_147_483_647) % sides;
}

/** Five collections as a table of players would fill them, of so many bytes together, with ten indexes. */
export async function seedDungeon(db: Db, wantedBytes: number): Promise<number> {
  const roll = dice(20);
  const makers: [name: string, share: number, make: (n: number) => Document][] = [
    ["turns", 0.5, (n) => turn(n, roll)],
    ["characters", 0.2, (n) => character(n, roll)],
    ["encounters", 0.15, (n) => encounter(n, roll)],
    ["sessions", 0.1, (n) => session(n, roll)],
    ["items", 0.05, (n) => item(n, roll)],
  ];
  for (const [name, share, make] of makers) await fill(db, name, wantedBytes * share, make);
  await index(db);
  return Number((await db.command({ dbStats: 1 })).dataSize);
}

async function fill(db: Db, name: string, bytes: number, make: (n: number) => Document): Promise<void> {
  for (let n = 0; ;) {
    const documents = Array.from({ length: 5000 }, () => make(n++));
    await db.collection(name).insertMany(documents, { ordered: false });
    if (Number((await db.command({ collStats: name })).size) >= bytes) return;
  }
}

async function index(db: Db): Promise<void> {
  await db.collection("turns").createIndexes([{ key: { encounter: 1, round: 1 } }, { key: { actor: 1 } }]);
  await db
    .collection("characters")
    .createIndexes([{ key: { name: 1 } }, { key: { level: -1 } }, { key: { "abilities.strength": 1 } }]);
  await db.collection("encounters").createIndexes([{ key: { campaign: 1, at: -1 } }, { key: { kind: 1 } }]);
  await db.collection("sessions").createIndexes([{ key: { campaign: 1 } }, { key: { at: 1 } }]);
  await db.collection("items").createIndexes([{ key: { owner: 1 } }]);
}

type Roll = ReturnType<typeof dice>;
const pick = (from: string[], roll: Roll) => from[roll(from.length)] as string;
const story = (count: number, roll: Roll) => Array.from({ length: count }, () => pick(words, roll)).join(" ");
const moment = (roll: Roll) => new Date(1_790_000_000_000 + roll(100_000_000));

function turn(n: number, roll: Roll): Document {
  return {
    encounter: Math.floor(n / 40),
    round: Math.floor((n % 40) / 5) + 1,
    actor: `${pick(names, roll)} ${roll(1000)}`,
    target: `${pick(kinds, roll)} ${roll(6)}`,
    roll: { die: 20, value: roll(20) + 1, modifiers: [roll(5), roll(5)] },
    damage: { amount: roll(30), type: pick(["fire", "cold", "slashing", "radiant"], roll) },
    conditions: roll(3) === 0 ? [pick(["prone", "stunned", "blinded"], roll)] : [],
    note: story(12 + roll(20), roll),
    at: moment(roll),
  };
}

function character(n: number, roll: Roll): Document {
  const ability = () => 8 + roll(11);
  return {
    name: `${pick(names, roll)} ${n}`,
    level: roll(20) + 1,
    class: pick(["wizard", "rogue", "cleric", "fighter", "bard"], roll),
    hitPoints: { current: roll(120), maximum: 120, temporary: roll(10) },
    abilities: {
      strength: ability(),
      dexterity: ability(),
      constitution: ability(),
      intelligence: ability(),
      wisdom: ability(),
      charisma: ability(),
    },
    spells: Array.from({ length: roll(8) }, () => ({ name: story(2, roll), level: roll(9), prepared: true })),
    background: story(40, roll),
  };
}

function encounter(_n: number, roll: Roll): Document {
  return {
    campaign: roll(500),
    kind: pick(kinds, roll),
    creatures: Array.from({ length: 4 + roll(6) }, () => ({
      kind: pick(kinds, roll),
      initiative: roll(25),
      hitPoints: roll(90),
      armorClass: 10 + roll(10),
    })),
    map: { width: roll(60), height: roll(60), seed: roll(2_000_000_000) },
    at: moment(roll),
  };
}

function session(_n: number, roll: Roll): Document {
  return {
    campaign: roll(500),
    players: [pick(names, roll), pick(names, roll)],
    log: story(150, roll),
    at: moment(roll),
  };
}

function item(_n: number, roll: Roll): Document {
  return {
    owner: roll(60_000),
    name: story(3, roll),
    weight: roll(200) / 10,
    price: roll(5000),
    magic: roll(9) === 0,
  };
}
