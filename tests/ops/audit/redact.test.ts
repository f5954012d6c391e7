import { redacted } from "../../../ops/audit";

const canary = "k4n4ri3nv0gel";

test.each([
  [["--uri", `mongodb+srv://ada:${canary}@cluster0.example.net/tracker`]],
  [[`--uri=mongodb://ada:${canary}@127.0.0.1/`]],
  [["--token", canary]],
  [[`--token=${canary}`]],
  [["--slack-webhook", canary]],
  [["--env", `API_KEY=${canary}`]],
  [[`--env=API_KEY=${canary}`]],
  [["--store", `s3://bucket/?secret-access-key=${canary}`]],
  [["note", `the token was FlyV1 ${canary}`]],
  [["note", `posted to https://hooks.slack.com/services/${canary}`]],
])("keeps nothing that opens anything: %j", (argv) => {
  expect(redacted(argv).join(" ")).not.toContain(canary);
});

test("keeps everything else, and the name of what was set", () => {
  const argv = ["restore", "latest", "--to-db", "probe", "--env", "API_KEY=x", "--key", "id_ed25519"];
  const kept = ["restore", "latest", "--to-db", "probe", "--env", "API_KEY=[hidden]", "--key", "id_ed25519"];
  expect(redacted(argv)).toEqual(kept);
});
