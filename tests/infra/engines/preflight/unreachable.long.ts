import { runGates } from "../../../../infra/engines/preflight";
import { silent } from "../../../../infra/support";
import { calmNeighbours, calmWishes } from "./world";

test("a database that does not answer refuses a release, and what could not be looked at is told as that", async () => {
  const name = "preflight_unreachable";
  const address = {
    uri: "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=200",
    name,
    credentials: "none",
  } as const;
  const wishes = { ...calmWishes(name, "backups"), address };
  const looks = { signal: AbortSignal.timeout(120_000), progress: silent };
  const found = await runGates(wishes, calmNeighbours, looks);
  expect(found.ok).toBe(false);
  const states = Object.fromEntries(found.gates.map((one) => [one.gate, one.state]));
  expect(states).toMatchObject({
    database: "fail",
    connections: "unknown",
    "oplog window": "unknown",
    image: "ok",
  });
});
