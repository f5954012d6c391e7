import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startLoad } from "../../../harness/load";
import { fakeImage, setIll } from "./fake-image";
import { Fleet, secretUri } from "./fleet";

let fleet: Fleet;
beforeAll(async () => {
  fleet = await Fleet.open();
});
afterAll(() => fleet.close());

const names = (machines: { name: string }[]) => machines.map(({ name }) => name).sort();

async function thrownBy(work: Promise<unknown>): Promise<Error & { code: string; exitCode: number }> {
  return work.then(
    () => Promise.reject(new Error("nothing was thrown")),
    (error: Error & { code: string; exitCode: number }) => error,
  );
}

/** What served before serves on, and nothing else runs. */
async function expectOnly(before: { name: string; pid: number }[], version: string): Promise<void> {
  const seen = await fleet.observe();
  expect(seen).toMatchObject({ dead: [], unfinished: false, url: fleet.url });
  expect(seen.running.map(({ name, pid }) => ({ name, pid }))).toEqual(
    before.map(({ name, pid }) => ({ name, pid })),
  );
  expect(seen.running.every((one) => one.healthy && one.version === version)).toBe(true);
  expect(await fleet.answering()).toEqual(names(before));
}

describe("machines", () => {
  test("say which folder they need when they cannot have it", async () => {
    await writeFile(join(fleet.folder, "machines"), "in the way");
    const error = await thrownBy(fleet.ensure(await fakeImage("1.0.0")));
    expect(error.code).toBe("machines-folder-unusable");
    expect(error.message).toContain(join(fleet.folder, "machines"));
    await rm(join(fleet.folder, "machines"));
  });

  test("come up behind one address, and a first version that fails leaves nothing running", async () => {
    const error = await thrownBy(fleet.ensure(await fakeImage("0.9.0", "crashes")));
    expect(error.message).toContain("exited with code 3");
    expect(await fleet.observe()).toEqual({ running: [], dead: [], url: null, unfinished: false });

    const { url, machines } = await fleet.ensure(await fakeImage("1.0.0"));
    expect(url).toBe(fleet.url);
    expect(machines).toHaveLength(2);
    expect(await fleet.answering()).toEqual(names(machines));
  });

  test("stay as they are when everything is as wanted, and are looked at in no time", async () => {
    const before = (await fleet.observe()).running;
    const { machines } = await fleet.ensure(await fakeImage("1.0.0"), {
      gate: () => Promise.reject(new Error("asked")),
    });
    expect(machines.map(({ pid }) => pid)).toEqual(before.map(({ pid }) => pid));
    const started = performance.now();
    await fleet.observe();
    expect(performance.now() - started).toBeLessThan(50);
  });

  test("are replaced one by one without one failed request at 200 a second", async () => {
    const before = (await fleet.observe()).running;
    const load = startLoad(`${fleet.url}/?ms=20`, 200);
    const seen: number[] = [];
    const progress = () =>
      void fleet.observe().then(({ running }) => seen.push(running.filter((one) => one.healthy).length));
    const { machines } = await fleet.ensure(await fakeImage("1.1.0"), { progress });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const report = await load.stop();
    expect(report.failures).toEqual({});
    expect(report.perSecond).toBeGreaterThan(100);
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(2);
    expect(machines.every(({ version }) => version === "1.1.0")).toBe(true);
    expect(names(machines)).not.toEqual(expect.arrayContaining([before[0]?.name]));
    await expectOnly(machines, "1.1.0");
  });

  test("return to the old version when a new one exits, at once, with its code and last words, and no request fails", async () => {
    const before = (await fleet.observe()).running;
    const load = startLoad(`${fleet.url}/?ms=20`, 200);
    const started = Date.now();
    const error = await thrownBy(fleet.ensure(await fakeImage("1.2.0", "crashes")));
    const report = await load.stop();
    expect(Date.now() - started).toBeLessThan(4000);
    expect(report.failures).toEqual({});
    expect(error.code).toBe("machine-failed");
    expect(error.message).toContain("exited with code 3");
    expect(error.message).toContain("no such table: dragons");
    expect(error.message).toContain("Version 1.1.0 serves as before, verified");
    expect(error.message).not.toContain("s3cr3t-dragon");
    await expectOnly(before, "1.1.0");
  });

  test("return when a new one falls over after it was well, and when it says that it is another version", async () => {
    const before = (await fleet.observe()).running;
    const later = await thrownBy(fleet.ensure(await fakeImage("1.2.1", "fails-later"), { gate: settled }));
    expect(later.message).toContain("Version 1.1.0 serves as before");
    await expectOnly(before, "1.1.0");
    const liar = await fakeImage("1.2.2", "says-another-version");
    const lied = await thrownBy(fleet.ensure(liar, { startTimeoutMs: 800 }));
    expect(lied.message).toContain("says that it is version 0.0.1, not 1.2.2");
    expect(lied.code).toBe("machine-failed");
    await expectOnly(before, "1.1.0");
  });

  test("return when a new one was never heard of, which proves nothing against its image", async () => {
    const before = (await fleet.observe()).running;
    const silence = await thrownBy(fleet.ensure(await fakeImage("1.2.3", "silent"), { startTimeoutMs: 500 }));
    expect(silence.code).toBe("machine-unheard");
    expect(silence.message).toContain("not taken out of service");
    await expectOnly(before, "1.1.0");
  });

  test("return when the last gate says no, with no failed request, and tell both causes", async () => {
    const before = (await fleet.observe()).running;
    const load = startLoad(`${fleet.url}/?ms=20`, 200);
    let seenByGate = "";
    const gate = async (url: string) => {
      seenByGate = ((await (await fetch(url)).json()) as { version: string }).version;
      throw new Error("the game cannot be played");
    };
    const error = await thrownBy(fleet.ensure(await fakeImage("1.3.0"), { gate }));
    const report = await load.stop();
    expect(seenByGate).toBe("1.3.0");
    expect(report.failures).toEqual({});
    expect(error.message).toContain("the game cannot be played");
    expect(error.message).toContain("Version 1.1.0 serves as before, verified");
    await expectOnly(before, "1.1.0");
  });

  test("return when the operator interrupts", async () => {
    const before = (await fleet.observe()).running;
    const interruption = new AbortController();
    const gate = () => Promise.resolve(interruption.abort(new Error("Ctrl-C")));
    const error = await thrownBy(
      fleet.ensure(await fakeImage("1.3.0"), { gate, signal: interruption.signal }),
    );
    expect(error.exitCode).toBe(130);
    await expectOnly(before, "1.1.0");
  });

  test("say so when the old ones are not well either, and leave those serving that did", async () => {
    const before = (await fleet.observe()).running;
    await setIll(true);
    const error = await thrownBy(fleet.ensure(await fakeImage("1.3.0"), { startTimeoutMs: 700 }));
    await setIll(false);
    expect(error.code).toBe("machines-return-failed");
    expect(error.message).toMatch(/version 1\.3\.0[^]*way back[^]*version 1\.1\.0/);
    await expectOnly(before, "1.1.0");
  });

  test("become more and fewer, keeping those that fit", async () => {
    const image = await fakeImage("1.1.0");
    const before = (await fleet.observe()).running;
    const three = await fleet.ensure(image, { count: 3 });
    expect(names(three.machines)).toEqual(expect.arrayContaining(names(before)));
    const one = await fleet.ensure(image, { count: 1 });
    expect(one.machines).toHaveLength(1);
    await expectOnly(one.machines, "1.1.0");
    await fleet.ensure(image);
  });

  test("are replaced when their environment alone changes", async () => {
    await fleet.ensure(await fakeImage("1.1.0"), { env: { COLOUR: "blue" } });
    expect((await fleet.ask()).colour).toBe("blue");
    await fleet.ensure(await fakeImage("1.1.0"));
    expect((await fleet.ask()).colour).toBe("red");
  });

  test("come back when they were killed, under their names, and when the supervisor was", async () => {
    const image = await fakeImage("1.1.0");
    const before = (await fleet.observe()).running;
    process.kill(before[0]?.pid ?? -1, "SIGKILL");
    const mended = await fleet.ensure(image);
    expect(names(mended.machines)).toEqual(names(before));
    await expectOnly(mended.machines, "1.1.0");

    const daemon = JSON.parse(await readFile(join(fleet.folder, "machines", "daemon.json"), "utf8")) as {
      pid: number;
    };
    process.kill(daemon.pid, "SIGKILL");
    expect(await fleet.observe()).toMatchObject({
      url: null,
      running: [{ healthy: false }, { healthy: false }],
    });
    await fleet.ensure(image);
    await expectOnly(mended.machines, "1.1.0");
  });

  test("keep what is secret out of every record and log but the machine's own environment", async () => {
    const files = await readdir(join(fleet.folder, "machines"), { recursive: true, withFileTypes: true });
    const telling: string[] = [];
    for (const file of files.filter((one) => one.isFile())) {
      const path = join(file.parentPath, file.name);
      if ((await readFile(path, "utf8")).includes(secretUri)) telling.push(file.name);
    }
    expect(
      [...new Set(telling)].filter((name) => name !== "env.json" && name !== "last-failure.log"),
    ).toEqual([]);
  });

  test("say which port is taken and what to do, and serve on at the old one", async () => {
    const before = (await fleet.observe()).running;
    const { createServer } = await import("node:net");
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const taken = (other.address() as { port: number }).port;
    const error = await thrownBy(fleet.ensure(await fakeImage("1.1.0"), { port: taken }));
    other.close();
    expect(error.code).toBe("router-port-taken");
    expect(error.message).toContain(String(taken));
    await expectOnly(before, "1.1.0");
  });
});

/** Long enough for a machine that is about to fall over. */
async function settled(url: string): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 600));
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`status ${answer.status}`);
}
