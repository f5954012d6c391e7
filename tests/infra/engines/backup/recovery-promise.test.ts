import { recoveryPromise, type RecoveryFacts } from "../../../../infra/engines/backup/recovery-promise";

const hour = 3_600_000;
const now = new Date("2026-11-21T12:00:00Z");
const ago = (ms: number) => new Date(now.getTime() - ms);
const facts: RecoveryFacts = {
  everyMs: 24 * hour,
  lastArchive: ago(9 * hour),
  archiveTakesMs: hour / 12,
  lastDrill: { at: ago(48 * hour), durationMs: hour / 6, documentBytes: 1000 },
  documentBytes: 2000,
  now,
};

describe("what can be lost and how long the way back takes", () => {
  it("is told from the schedule, the last archive and the last drill", () => {
    expect(recoveryPromise(facts)).toEqual({
      lossAtMostMs: 24 * hour + hour / 12,
      lossNowMs: 9 * hour,
      wayBackMs: hour / 3,
      overdue: false,
      sentences: [
        "At most 24 h 5 min of changes can be lost.",
        "Now it would be 9 h, the age of the last good archive.",
        "The way back takes about 20 min, by the last drill.",
      ],
    });
  });

  it("promises nothing that nobody knows", () => {
    const nothing = recoveryPromise({ ...facts, everyMs: null, lastArchive: null, lastDrill: null });
    expect(nothing).toMatchObject({ lossAtMostMs: null, lossNowMs: null, wayBackMs: null, overdue: false });
    expect(nothing.sentences.join(" ")).toMatch(/no limit.*There is no archive.*no drill was run/);
  });

  it("says when an archive is overdue, and when a drill is too old to go by", () => {
    const late = {
      ...facts,
      lastArchive: ago(30 * hour),
      lastDrill: { at: ago(60 * 24 * hour), durationMs: hour, documentBytes: 4000 },
    };
    const promise = recoveryPromise(late);
    expect(promise).toMatchObject({ overdue: true, wayBackMs: hour });
    expect(promise.sentences.join(" ")).toMatch(/An archive is overdue.*That drill is 60 days old/);
    expect(recoveryPromise({ ...facts, lastArchive: null }).overdue).toBe(true);
  });
});
