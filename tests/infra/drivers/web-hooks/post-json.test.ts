import { isSignedBy, postJson, signBody } from "../../../../infra/drivers/web-hooks";
import { Receiver, type Answer } from "../../engines/alerts/receiver";

const receiver = new Receiver();
beforeAll(() => receiver.start());
afterAll(() => receiver.stop());

async function outcome(answer: Answer, deadlineMs = 5_000) {
  receiver.answer = () => answer;
  return (await postJson({ url: receiver.url, body: { a: 1 }, deadlineMs })).outcome;
}

test.each<[string, Answer, object]>([
  ["taken", { status: 202 }, { kind: "delivered" }],
  [
    "wrong for good",
    { status: 400, body: "invalid_payload" },
    { kind: "refused", detail: "answered 400: invalid_payload" },
  ],
  [
    "moved, which is not followed",
    { status: 302, headers: { location: "http://127.0.0.1:1" } },
    { kind: "refused" },
  ],
  ["too often", { status: 429, headers: { "retry-after": "7" } }, { kind: "later", afterMs: 7_000 }],
  ["too often, by 403", { status: 403, headers: { "retry-after": "7" } }, { kind: "later", afterMs: 7_000 }],
  [
    "for a day, of which an hour is waited",
    { status: 503, headers: { "retry-after": "86400" } },
    { kind: "later", afterMs: 3_600_000 },
  ],
  ["broken, perhaps after it was taken", { status: 500 }, { kind: "unknown" }],
  ["hung up", "cut", { kind: "unknown" }],
])("a document that is %s", async (_, answer, expected) => {
  expect(await outcome(answer)).toMatchObject(expected);
});

test("a receiver that hangs is given up at the deadline; one that is not there took nothing", async () => {
  expect(await outcome("hang", 100)).toMatchObject({ kind: "unknown" });
  const gone = await new Receiver().start();
  const url = `${gone.url}/secret-path`;
  await gone.stop();
  const nowhere = await postJson({ url, body: {}, deadlineMs: 2_000 });
  expect(nowhere.outcome).toMatchObject({ kind: "later" });
  expect(JSON.stringify(nowhere)).not.toContain("secret-path");
});

test("no header gets in by the end of another, and no address but a plain one is called", async () => {
  const before = receiver.received.length;
  const evil = { "x-note": "a\r\nx-evil: 1" };
  for (const given of [
    { url: receiver.url, headers: evil },
    { url: receiver.url, headers: { "x\r\ny": "a" } },
    { url: "file:///etc/passwd" },
    { url: "http://ann:secret@127.0.0.1" },
    { url: "not an address" },
  ]) {
    expect((await postJson({ body: {}, deadlineMs: 1_000, ...given })).outcome).toMatchObject({
      kind: "refused",
    });
  }
  expect(receiver.received).toHaveLength(before);
});

test("a signature holds for its body, its secret and its time alone", () => {
  const at = new Date("2026-11-24T10:00:00Z");
  const signature = signBody("{}", "s3cret", at);
  const signed = { body: "{}", secret: "s3cret", now: at };
  expect(isSignedBy(signature, signed)).toBe(true);
  expect(isSignedBy(signature, { ...signed, body: "{ }" })).toBe(false);
  expect(isSignedBy(signature, { ...signed, secret: "other" })).toBe(false);
  expect(isSignedBy(signature, { ...signed, now: new Date(at.getTime() + 301_000) })).toBe(false);
  expect(isSignedBy(signature.replace("v1=", "v2="), signed)).toBe(false);
});
