import { loginOf, withStackLogin } from "../../../../infra/drivers/mongo";
import { Secret } from "../../../../infra/support";

const key = new Secret("k".repeat(32));

describe("a login that is worked out of a stack's key", () => {
  test("is the same whenever it is worked out, and another for each role, rotation and key", () => {
    const [one, again] = [loginOf("app", { key, rotation: 1 }), loginOf("app", { key, rotation: 1 })];
    expect(again).toEqual(one);
    const others = [
      loginOf("backup", { key, rotation: 1 }),
      loginOf("app", { key, rotation: 2 }),
      loginOf("app", { key: new Secret("n".repeat(32)), rotation: 1 }),
    ];
    for (const other of others) expect(other.password).not.toBe(one.password);
  });

  test("goes into every form of address that Atlas gives", () => {
    const login = { user: "dnd-app-1", password: "p" };
    expect(withStackLogin("mongodb+srv://c.example.net", login, "tracker").reveal()).toBe(
      "mongodb+srv://dnd-app-1:p@c.example.net/tracker?authSource=admin",
    );
    expect(withStackLogin("mongodb://a:1,b:2/?ssl=true&replicaSet=rs", login, "tracker").reveal()).toBe(
      "mongodb://dnd-app-1:p@a:1,b:2/tracker?ssl=true&replicaSet=rs&authSource=admin",
    );
  });
});
