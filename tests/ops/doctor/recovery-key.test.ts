import { recoveryKeyTrap } from "../../../ops/doctor/recovery-key";
import { settingTraps } from "../../../ops/doctor/setting-traps";

const recovery = "age1recovery";

test("production without an offline recovery key is told how to make one", () => {
  const [finding] = settingTraps({ environment: "production", backup: { recipients: ["age1monitor"] } });
  expect(finding).toMatchObject({ what: "backup.recoveryRecipient", status: "missing" });
  expect(finding?.remedy).toContain("age-keygen");
});

test("a recovery key that machines use as well is none", () => {
  const backup = { recipients: ["age1monitor", recovery], recoveryRecipient: recovery };
  expect(recoveryKeyTrap("production", backup)?.found).toContain("not offline");
});

test("with one, in other environments, and without backups nothing is missing", () => {
  expect(recoveryKeyTrap("production", { recoveryRecipient: recovery })).toBeUndefined();
  expect(recoveryKeyTrap("staging", {})).toBeUndefined();
  expect(recoveryKeyTrap("production", { enabled: false })).toBeUndefined();
});
