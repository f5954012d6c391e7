import type { AddressInfo } from "node:net";
import { MongoClient } from "mongodb";
import { SMTPServer } from "smtp-server";
import { maintenanceNow, setMaintenance } from "../../../infra/engines/maintenance";
import { announce } from "../../../ops/maintenance/announce";
import type { OperationsAt } from "../../../ops/operations-database";
import type { Terminal } from "../../../ops/terminal";

const client = new MongoClient(process.env.TEST_MONGODB_URI ?? "");
const ops = client.db("maintenance_mail_ops");
const mails: { to: string[]; text: string }[] = [];
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ["STARTTLS"],
  onData(stream, { envelope }, done) {
    let text = "";
    stream.on("data", (part: Buffer) => (text += part.toString()));
    stream.once("end", () => {
      mails.push({ to: envelope.rcptTo.map(({ address }) => address), text });
      done();
    });
  },
});
const said: string[] = [];
const terminal = { say: (line: string) => void said.push(line) } as unknown as Terminal;
const options = { action: "schedule", stack: "local", json: false, yes: true } as const;

beforeAll(() => new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready)));
afterAll(async () => {
  await new Promise<void>((closed) => server.close(closed));
  await ops.dropDatabase();
  await client.close();
});

function at(port: number): OperationsAt {
  const config = { from: "gm@example.com", smtp: { host: "127.0.0.1", port, tls: "none" } };
  const settings = { monitoring: { channels: [{ type: "email", config }] } };
  return { ops, settings } as unknown as OperationsAt;
}

test("a window that is to come is mailed to the list, and that it was is kept", async () => {
  const known = await setMaintenance(ops, {
    on: true,
    from: new Date("2100-01-01T22:00:00Z"),
    message: "New tables",
  });
  const { port } = server.server.address() as AddressInfo;
  const told = await announce(
    { ...options, mail: ["a@example.com", "b@example.com"] },
    at(port),
    known,
    terminal,
  );
  expect(told).toEqual({ to: ["a@example.com", "b@example.com"], problem: null });
  expect(mails).toMatchObject([{ to: ["a@example.com", "b@example.com"] }]);
  expect(mails[0]?.text).toMatch(/^Subject: D&D Tracker: maintenance from 2100-01-01T22:00:00.000Z/m);
  expect(mails[0]?.text).toContain("New tables");
  expect((await maintenanceNow(ops)).announcedAt).toBeInstanceOf(Date);
});

test("a mail that cannot be sent is told, and the switch stays as it was turned", async () => {
  const known = await setMaintenance(ops, { on: true });
  const told = await announce({ ...options, mail: ["a@example.com"] }, at(1), known, terminal);
  expect(told).toMatchObject({ to: [], problem: expect.any(String) as unknown });
  expect(said.at(-1)).toContain("the mail was not sent");
  expect(await maintenanceNow(ops)).toMatchObject({ on: true, announcedAt: null });
});
