import { VerificationError } from "../../../infra/engines/health";
import { unknownValue } from "../../../infra/resources/lifecycle";
import { lifecycle, type VerificationInputs } from "../../../infra/resources/verification";
import { silent } from "../../../infra/support";
import { openTable, type Table } from "../../app/table";

const context = { signal: new AbortController().signal, progress: silent };

let table: Table;
let inputs: VerificationInputs;

beforeAll(async () => {
  table = await openTable({ IMAGE_DIGEST: "sha256:abc" });
  inputs = {
    release: 1,
    address: { uri: process.env.TEST_MONGODB_URI ?? "", name: "verification_resource", credentials: "none" },
    url: table.url,
    expected: { name: "dnd-tracker", version: "1.2.3", digest: "sha256:abc" },
    schemaVersion: null,
  };
});
afterAll(async () => {
  await table.stop();
});

describe("the resource Verification", () => {
  test("records a passed verdict with its checks and every input", async () => {
    const { id, outs } = await lifecycle.create(inputs, context);
    expect(id).toBe("verification");
    expect(outs).toMatchObject({ ...inputs, verdict: "passed" });
    expect(outs.checks.length).toBeGreaterThan(5);
    expect((await lifecycle.update(id, outs, { ...inputs, release: 2 }, context)).outs.release).toBe(2);
  });

  test("throws a plain error that lists what failed, so nothing is recorded", async () => {
    const wrong = { ...inputs, expected: { ...inputs.expected, version: "9.9.9" } };
    const error: unknown = await lifecycle.create(wrong, context).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(VerificationError);
    expect(error).not.toHaveProperty("id");
    expect((error as VerificationError).message).toContain("version 1.2.3, expected 9.9.9");
  });

  test("changes with the release, with the image, and where the app no longer answers", async () => {
    const { outs } = await lifecycle.create(inputs, context);
    const changes = async (news: Partial<VerificationInputs>) =>
      (await lifecycle.diff("verification", outs, { ...inputs, ...news }, context)).changes;
    expect(await changes({})).toBe(false);
    expect(await changes({ release: 2 })).toBe(true);
    expect(await changes({ expected: { ...inputs.expected, digest: "sha256:other" } })).toBe(true);
    expect(await changes({ url: "http://127.0.0.1:9" })).toBe(true);
  });

  test("does not change for what a preview cannot know", async () => {
    const { outs } = await lifecycle.create(inputs, context);
    const blind = { ...inputs, release: null, url: unknownValue, schemaVersion: unknownValue };
    expect(await lifecycle.diff("verification", outs, blind, context)).toEqual({ changes: false });
  });

  test("reads what was recorded", async () => {
    const { outs } = await lifecycle.create(inputs, context);
    expect(await lifecycle.read("verification", outs, context)).toEqual({ id: "verification", props: outs });
  });
});
