import { observeLocalMongo } from "../../../../infra/engines/database";
import { TestServer } from "./server";

test("a server that runs and does not answer is replaced, and its data is kept", async () => {
  const server = await TestServer.open();
  try {
    const { pid } = await server.ensure();
    process.kill(pid, "SIGSTOP");
    expect(await observeLocalMongo(server.folder)).toMatchObject({
      state: "down",
      why: expect.stringContaining("does not serve") as string,
    });
    const again = await server.ensure();
    expect(again.pid).not.toBe(pid);
    expect(await observeLocalMongo(server.folder)).toMatchObject({ state: "ready" });
  } finally {
    await server.close();
  }
}, 120_000);
