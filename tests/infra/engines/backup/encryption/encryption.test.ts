import { randomBytes } from "node:crypto";
import { encryptionOf, recipientsOf } from "../../../../../infra/engines/backup/encryption";
import { OperatorError, Secret } from "../../../../../infra/support";
import { decrypt, encrypt, newKeyPair, type KeyPair } from "./age-bytes";

const chunk = 64 * 1024;
let monitor: KeyPair;
let recovery: KeyPair;
let stranger: KeyPair;

beforeAll(async () => {
  [monitor, recovery, stranger] = await Promise.all([newKeyPair(), newKeyPair(), newKeyPair()]);
});

async function failureOf(work: Promise<unknown>): Promise<Error> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Error)) throw new Error("it did not fail");
  return error;
}

describe("an encrypted archive", () => {
  it.each([0, 1, chunk - 1, chunk, chunk + 1, 16 * chunk, 40 * chunk + 7])(
    "of %i bytes comes back byte for byte, however it is cut on its way",
    async (length) => {
      const plain = randomBytes(length);
      for (const step of [999, chunk, 3 * chunk + 1]) {
        const sealed = await encrypt(plain, { recipients: [monitor.recipient] }, step);
        expect((await decrypt(sealed, { identities: [monitor.identity] }, step)).equals(plain)).toBe(true);
      }
    },
  );

  it("is opened by each of its readers alone, and by nobody else", async () => {
    const plain = randomBytes(1000);
    const sealed = await encrypt(plain, { recipients: [monitor.recipient, recovery.recipient] });
    expect((await decrypt(sealed, { identities: [monitor.identity] })).equals(plain)).toBe(true);
    expect(
      (await decrypt(sealed, { identities: [stranger.identity, recovery.identity] })).equals(plain),
    ).toBe(true);
    const refused = await failureOf(decrypt(sealed, { identities: [stranger.identity] }));
    expect(refused).toMatchObject({ code: "archive-key-wrong", kind: "refused" });
    expect(refused.message).toContain("DND_BACKUP_IDENTITY_FILE");
    expect(await failureOf(decrypt(sealed, undefined))).toMatchObject({ code: "archive-key-missing" });
    expect(sealed.includes(plain.subarray(0, 32))).toBe(false);
  });

  it("is opened by its passphrase, and says plainly when it is another one", async () => {
    const plain = randomBytes(1000);
    const sealed = await encrypt(plain, { passphrase: new Secret("owlbear rolls a one"), workFactor: 10 });
    const keys = (passphrase: string) => ({ identities: [], passphrase: new Secret(passphrase) });
    expect((await decrypt(sealed, keys("owlbear rolls a one"))).equals(plain)).toBe(true);
    expect(await failureOf(decrypt(sealed, keys("owlbear rolls a two")))).toMatchObject({
      code: "archive-key-wrong",
    });
    expect(await failureOf(decrypt(sealed, { identities: [monitor.identity] }))).toMatchObject({
      code: "archive-key-missing",
    });
  });

  it("takes a private key as age-keygen writes it, with its comments", async () => {
    const text = `# created: 2026-11-21\n# public key: ${monitor.recipient}\n${monitor.identity.reveal()}\n`;
    const keys = { identities: [new Secret(text)] };
    const sealed = await encrypt(Buffer.from("initiative"), { recipients: [monitor.recipient] });
    expect((await decrypt(sealed, keys)).toString()).toBe("initiative");
    expect(await recipientsOf(keys)).toEqual([monitor.recipient]);
  });

  it("is told from one that is not encrypted, which passes untouched", async () => {
    for (const plain of [Buffer.alloc(0), Buffer.from("a"), randomBytes(300_000)])
      expect((await decrypt(plain, undefined)).equals(plain)).toBe(true);
  });

  it("says which version it is of when a later tool made it", async () => {
    const later = Buffer.from("age-encryption.org/v2\n-> X25519 abc\n");
    expect(await failureOf(decrypt(later, { identities: [monitor.identity] }))).toMatchObject({
      code: "encryption-newer",
    });
  });
});

describe("damage to an encrypted archive", () => {
  it("is found wherever a byte is changed, in the header and behind it", async () => {
    const plain = randomBytes(40);
    const sealed = await encrypt(plain, { recipients: [monitor.recipient, recovery.recipient] });
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      // Without its first words it is no encrypted archive any more: the reader of archives refuses it.
      const read = await decrypt(changed, { identities: [monitor.identity] }).catch(
        (error: unknown) => error,
      );
      if (Buffer.isBuffer(read)) expect(read.equals(changed) && at < "age-encryption.org/".length).toBe(true);
      else expect(isClear(read)).toBe(true);
    }
  });

  it("is found wherever it is cut short, the edges of chunks above all", async () => {
    const plain = randomBytes(2 * chunk + 5);
    const sealed = await encrypt(plain, { recipients: [monitor.recipient] });
    const payload = sealed.length - (plain.length + 3 * 16);
    const edges = [payload, payload + chunk + 16, payload + 2 * (chunk + 16)];
    const cuts = [
      ...edges,
      ...edges.map((one) => one + 1),
      ...edges.map((one) => one - 1),
      30,
      150,
      sealed.length - 1,
    ];
    for (const length of cuts)
      expect(
        isClear(await failureOf(decrypt(sealed.subarray(0, length), { identities: [monitor.identity] }))),
      ).toBe(true);
  });

  it("is found when parts change places, or something was glued on", async () => {
    const sealed = await encrypt(randomBytes(3 * chunk), { recipients: [monitor.recipient] });
    const payload = sealed.length - 3 * (chunk + 16);
    const part = (n: number) => sealed.subarray(payload + n * (chunk + 16), payload + (n + 1) * (chunk + 16));
    const swapped = Buffer.concat([sealed.subarray(0, payload), part(1), part(0), part(2)]);
    for (const changed of [
      swapped,
      Buffer.concat([sealed, sealed]),
      Buffer.concat([sealed, Buffer.from("x")]),
    ])
      expect(isClear(await failureOf(decrypt(changed, { identities: [monitor.identity] })))).toBe(true);
  });

  it("cannot ask for more memory than a passphrase may cost", async () => {
    const sealed = await encrypt(randomBytes(10), { passphrase: new Secret("x"), workFactor: 10 });
    const greedy = Buffer.from(sealed.toString("latin1").replace(/ 10\n/, " 30\n"), "latin1");
    const refused = await failureOf(decrypt(greedy, { identities: [], passphrase: new Secret("x") }));
    expect(refused.message).toContain("2^30");
  });
});

describe("keys that cannot be used", () => {
  it.each(["age1nonsense", "ssh-ed25519 AAAA", "not a key"])(
    "are refused before anything is written: %s",
    async (key) => {
      expect(await failureOf(encryptionOf({ recipients: [key] }))).toMatchObject({
        code: "encryption-key-unusable",
        kind: "usage",
      });
    },
  );

  it("are never repeated where they are private", async () => {
    const key = monitor.identity.reveal();
    const refusals = [
      await failureOf(encryptionOf({ recipients: [key] })),
      await failureOf(
        decrypt(await encrypt(Buffer.from("x"), { recipients: [monitor.recipient] }), {
          identities: [new Secret(`${key}Q`)],
        }),
      ),
    ];
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({ code: "encryption-key-unusable" });
      expect(`${refusal.message}${refusal.stack}${String(refusal.cause)}`).not.toContain(key.slice(20));
    }
  });

  it("leave the manifest with public ones only, each once", async () => {
    const { recipient } = monitor;
    expect(await encryptionOf({ recipients: [recipient, ` ${recipient}`, recovery.recipient] })).toEqual({
      format: "age",
      recipients: [recipient, recovery.recipient],
      passphrase: false,
    });
    expect(JSON.stringify(await encryptionOf({ passphrase: new Secret("hidden") }))).not.toContain("hidden");
  });
});

/** Told in words that are meant for a reader. */
function isClear(error: unknown): boolean {
  const known =
    error instanceof OperatorError || (error instanceof Error && error.constructor.name === "ArchiveDamage");
  if (!known) throw error;
  return true;
}
