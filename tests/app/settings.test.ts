import { readAppSettings } from "../../app/settings";
import { OperatorError } from "../../infra/support";

const uri = "mongodb://app:canary@127.0.0.1:27017/?replicaSet=rs0";

describe("the app's environment", () => {
  test("has a default for all but the database", () => {
    const settings = readAppSettings({ MONGODB_URI: uri });
    expect(settings).toMatchObject({
      PORT: 3000,
      HOST: "127.0.0.1",
      MONGODB_DB_NAME: "dnd-tracker",
      DEPLOY_ENV: "development",
      LOG_LEVEL: "info",
    });
  });

  test("takes the wanted migrations as a list", () => {
    expect(readAppSettings({ MONGODB_URI: uri, MIGRATIONS: "20260101, 20260102," }).MIGRATIONS).toEqual([
      "20260101",
      "20260102",
    ]);
  });

  test("is refused with all that is wrong at once, and without the values", () => {
    const wrong = {
      MONGODB_URI: "canary",
      PORT: "70000",
      LOG_LEVEL: "loud",
      MONGODB_DB_NAME: "",
      MACHINE_ID: "a\nb",
    };
    const read = () => readAppSettings(wrong);
    expect(read).toThrow(OperatorError);
    expect(read).toThrow(/PORT.*\n.*MONGODB_URI.*\n.*MACHINE_ID.*\n.*LOG_LEVEL/);
    expect(read).not.toThrow(/canary/);
  });

  test("never shows the database's password", () => {
    expect(JSON.stringify(readAppSettings({ MONGODB_URI: uri }))).not.toContain("canary");
  });
});
