import { MongoNetworkError } from "mongodb";
import { connectionFailure, isBrokenConnection, type DatabaseAddress } from "../../../../infra/drivers/mongo";

const address: DatabaseAddress = { uri: "mongodb://127.0.0.1:1/", name: "tracker", credentials: "none" };

describe("a connection that breaks", () => {
  const broken = [
    new MongoNetworkError("the connection was closed"),
    Object.assign(new Error("This socket has been ended by the other party"), { code: "EPIPE" }),
    Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }),
  ];

  test.each(broken)("is known as one, and the database as out of reach: $message", (error) => {
    expect(isBrokenConnection(error)).toBe(true);
    expect(connectionFailure(error, address, "app")).toMatchObject({ code: "database-unreachable" });
  });

  test("is no other failure", () => {
    const full = Object.assign(new Error("no space left"), { code: "ENOSPC" });
    expect(isBrokenConnection(full)).toBe(false);
    expect(connectionFailure(full, address, "app")).toBe(full);
  });
});
