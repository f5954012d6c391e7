import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { sendMail, type MailServer } from "../../../../infra/drivers/mail";
import { Secret } from "../../../../infra/support";

const mail = {
  from: "D&D Tracker <alerts@example.com>",
  to: ["ann@example.com", "ben@example.com"],
  subject: "Fire\r\nBcc: eve@example.com",
  text: "it burns <b>here</b>",
  html: "<p>it burns &lt;b&gt;here&lt;/b&gt;</p>",
  messageId: "abc\r\nX-Evil: 1",
};
const servers: SMTPServer[] = [];
const taken: { text: string; to: string[] }[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise<void>((done) => server.close(done))));
  taken.length = 0;
});

async function smtp(options: SMTPServerOptions = {}): Promise<MailServer> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData(stream, session, done) {
      const pieces: Buffer[] = [];
      stream.on("data", (piece: Buffer) => pieces.push(piece));
      stream.on("end", () => {
        const to = session.envelope.rcptTo.map(({ address }) => address);
        taken.push({ text: Buffer.concat(pieces).toString("utf8"), to });
        done();
      });
    },
    ...options,
  });
  servers.push(server);
  server.on("error", () => undefined);
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  return { host: "127.0.0.1", port: (server.server.address() as AddressInfo).port, tls: "none" };
}
const send = (server: MailServer, deadlineMs = 10_000) => sendMail(server, mail, { deadlineMs });
const failing = (responseCode: number) => Object.assign(new Error("no"), { responseCode });

test("a mail arrives as text and HTML under its own Message-ID, and no header gets in with it", async () => {
  const server = await smtp();
  expect(await send(server)).toMatchObject({ kind: "delivered" });
  await send(server);
  const [first, second] = taken.map(({ text }) => text);
  const [head = ""] = (first ?? "").split("\r\n\r\n");
  expect(head).toContain("Message-ID: <abc--X-Evil--1@dnd-tracker.invalid>");
  expect(head).not.toMatch(/^(Bcc|X-Evil):/im);
  expect(taken[0]?.to).toEqual(mail.to);
  expect(first).toContain("Content-Type: text/plain");
  expect(first).toContain("Content-Type: text/html");
  const idOf = (text = "") => /^Message-ID: (.*)$/m.exec(text)?.[1];
  expect(idOf(first)).toBe(idOf(second));
});

test("what SMTP says decides: 5xx is for good, 4xx and no connection may be tried again", async () => {
  const refusing = await smtp({ onRcptTo: (_address, _session, done) => done(failing(550)) });
  expect(await send(refusing)).toMatchObject({ kind: "refused" });
  const busy = await smtp({ onMailFrom: (_address, _session, done) => done(failing(451)) });
  expect(await send(busy)).toMatchObject({ kind: "later" });
  const wrongLogin = await smtp({
    onAuth: (_auth, _session, done) => done(failing(535)),
    allowInsecureAuth: true,
  });
  const login = { user: "ann", password: new Secret("wrong-password") };
  const outcome = await send({ ...wrongLogin, login });
  expect(outcome).toMatchObject({ kind: "refused" });
  expect(JSON.stringify(outcome)).not.toContain("wrong-password");
  expect(await send({ host: "127.0.0.1", port: 1, tls: "none" })).toMatchObject({ kind: "later" });
});

test("a server without encryption gets nothing where encryption is required", async () => {
  expect(await send({ ...(await smtp()), tls: "required" })).toMatchObject({ kind: "refused" });
  expect(taken).toEqual([]);
});

test("a server that says nothing is given up at the deadline, its outcome unknown", async () => {
  const silent = createServer().listen(0, "127.0.0.1");
  await once(silent, "listening");
  const { port } = silent.address() as AddressInfo;
  expect(await send({ host: "127.0.0.1", port, tls: "none" }, 200)).toMatchObject({ kind: "unknown" });
  silent.close();
});
