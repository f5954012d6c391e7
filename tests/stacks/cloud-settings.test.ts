import { cloudDatabase } from "../../stacks/cloud-database";
import { cloudStore } from "../../stacks/cloud-store";
import { egressRegions } from "../../stacks/egress-regions";
import { readSettings } from "../../stacks/settings";
import { storeAddress } from "../../stacks/store-address";
import { uploadsBucket } from "../../stacks/uploads";

type Groups = Record<"app" | "database" | "backup", object>;

function settingsOf(environment: string, { database = {}, ...groups }: Partial<Groups> = {}) {
  const own = { kind: "atlas", name: "tales", orgId: "org-1", key: "k".repeat(32), ...database };
  const all = Object.entries({ ...groups, database: own });
  const values = all.map(([group, value]) => [`dnd-tracker:${group}`, JSON.stringify(value)]);
  return readSettings(
    { "dnd-tracker:environment": environment, ...(Object.fromEntries(values) as Record<string, string>) },
    {},
  );
}

test.each([["0.0.0.0/0"], ["1.2.3.4/0"], ["128.0.0.0/1"], ["10.0.0.0/15"]])(
  "production's database is not opened to %s",
  (wide) => {
    const settings = settingsOf("production", { database: { accessList: ["203.0.113.7/32", wide] } });
    expect(() => cloudDatabase(settings)).toThrow(`database.accessList: lets ${wide} in`);
  },
);

test.each([
  ["999.0.0.1/32", "accessList.0"],
  ["203.0.113.7/33", "accessList.0"],
  ["203.0.113.7", "accessList.0"],
])("%s is nobody who could be let in", (entry, at) => {
  const ask = () => settingsOf("staging", { database: { accessList: [entry] } });
  expect(ask).toThrow(`database.${at}: is "${entry}"; allowed: an address in CIDR notation`);
});

test("nobody is let in twice, and no cluster grows to a smaller tier", () => {
  const twice = { accessList: ["203.0.113.7/32", "203.0.113.7/32"] };
  expect(() => settingsOf("staging", { database: twice })).toThrow("each address once");
  const ask = (tier: string, largestTier: string) => () =>
    settingsOf("staging", { database: { tier, largestTier } });
  expect(ask("M30", "M10")).toThrow('database.largestTier: is "M10"; allowed: database.tier or a larger one');
  expect(ask("M10", "FLEX")).toThrow("database.largestTier");
  expect(ask("M10", "M30")).not.toThrow();
});

test("the machine that deploys comes to the database in one of three ways, by itself unless told otherwise", () => {
  const reachOf = (reach?: string) => settingsOf("production", { database: { reach } }).database;
  expect(reachOf()).toMatchObject({ reach: "temporary" });
  for (const reach of ["temporary", "listed", "fly"]) expect(reachOf(reach)).toMatchObject({ reach });
  expect(() => reachOf("ferry")).toThrow('database.reach: is "ferry"; allowed: temporary, listed, fly');
});

test("who goes to the database over Fly needs a fixed address there, and an image that has `dnd`", () => {
  const over = (app: object) => () =>
    cloudDatabase(settingsOf("production", { app, database: { reach: "fly" } }));
  const listed = { accessList: ["203.0.113.7/32"], reach: "fly" };
  expect(() => cloudDatabase(settingsOf("production", { database: listed }))).toThrow(
    "app.addresses.egress: is false, and database.reach is fly; allowed: true: who goes there is known by it",
  );
  for (const build of [{}, { dockerfile: "Dockerfile" }])
    expect(over({ addresses: { egress: true }, build })).toThrow(
      /app\.build\.dockerfile: is Dockerfile, and database\.reach is fly; allowed: Dockerfile\.monitor, /,
    );
});

test("every region that machines may run in has its fixed address, and is let in by it", () => {
  const app = { regions: ["iad", "ams"], fallbackRegions: ["ams", "fra"], addresses: { egress: true } };
  expect(egressRegions(settingsOf("staging", { app }).app)).toEqual(["iad", "ams", "fra"]);
  expect(egressRegions(settingsOf("staging", { app: { ...app, addresses: {} } }).app)).toEqual([]);
});

test("archives of a stack with its own cluster go to its bucket, in the way that the bucket asks for", () => {
  const named = { backup: { store: "s3://guild/archives", retention: { days: 30 } } };
  expect(storeAddress(settingsOf("staging", named))).toBe("s3://guild/archives?encryption=AES256");
  expect(storeAddress(settingsOf("production", named))).toBe(
    "s3://guild/archives?encryption=AES256&lock=governance&lock-days=30",
  );
  expect(storeAddress(settingsOf("staging"))).toBeUndefined();
});

test("a key of one region and a copy in another are refused together", () => {
  const bucket = { kmsKey: "arn:aws:kms:us-east-1:111122223333:key/k", replicaRegion: "eu-west-1" };
  expect(() => cloudStore(settingsOf("staging", { backup: { bucket } }))).toThrow(
    "backup.bucket.replicaRegion: is set beside backup.bucket.kmsKey",
  );
});

test("a bucket is taken over by its name alone", () => {
  expect(() => cloudStore(settingsOf("staging", { backup: { bucket: { adopt: true } } }))).toThrow(
    "backup.store: names no bucket",
  );
});

test("what people upload never goes to the archives' bucket, and is wanted by nobody who does not say so", () => {
  const backup = { store: "s3://guild/archives" };
  const of = (uploads?: object) => uploadsBucket(settingsOf("staging", { backup, app: { uploads } }));
  expect(of()).toBeUndefined();
  expect(() => of({ bucket: "guild" })).toThrow("app.uploads.bucket: is guild, which holds the archives");
  expect(() => of({ adopt: true })).toThrow("app.uploads.bucket: is not set");
});
