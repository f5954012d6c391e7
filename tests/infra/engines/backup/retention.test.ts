import {
  decideRetention,
  type KeptArchive,
  type RetentionInput,
  type RetentionRules,
} from "../../../../infra/engines/backup/retention";

const now = new Date("2026-11-21T12:00:00Z");
const dayMs = 24 * 3_600_000;
const nothingNeeded = { ids: [], releases: [] };

function archive(daysAgo: number, more: Partial<KeptArchive> = {}): KeptArchive {
  const takenAt = new Date(now.getTime() - daysAgo * dayMs).toISOString();
  return {
    id: takenAt,
    environment: "production",
    database: "tracker",
    release: null,
    takenAt,
    good: true,
    hold: null,
    ...more,
  };
}

function decide(archives: readonly KeptArchive[], rules: RetentionRules, more: Partial<RetentionInput> = {}) {
  return decideRetention({ archives, rules, needed: nothingNeeded, now, ...more });
}

const kept = (archives: readonly KeptArchive[], rules: RetentionRules, more: Partial<RetentionInput> = {}) =>
  decide(archives, rules, more)
    .filter(({ verdict }) => verdict === "keep")
    .map(({ id }) => id);

describe("retention", () => {
  const year = Array.from({ length: 365 }, (_, daysAgo) => archive(daysAgo + 0.1));

  it.each([
    ["jumped forwards by a year before the archive of today was made", 365],
    ["jumped forwards by four months", 120],
  ])("deletes nothing that it would have kept, where the clock has %s", (_what, days) => {
    const jumped = new Date(now.getTime() + days * dayMs);
    const ofToday = { ...archive(-days + 0.01), id: "made by the wrong clock" };
    const rules = { days: 7, weekly: 4, monthly: 6 };
    for (const all of [year, [ofToday, ...year]])
      expect(kept(all, rules, { now: jumped })).toEqual(expect.arrayContaining(kept(year, rules)));
    // When the clock is right again, nothing true has made room for what is not.
    expect(kept([ofToday, ...year], rules)).toEqual(expect.arrayContaining(kept(year, rules)));
  });

  it("counts from now again as soon as two days in a row have an archive", () => {
    const paused = [archive(0.1), archive(1.1), ...year.map((_, n) => archive(120 + n))];
    expect(kept(paused, { days: 7 })).toEqual([archive(0.1), archive(1.1)].map(({ id }) => id));
  });

  it("keeps seven days where nothing is said", () => {
    expect(kept(year, {})).toEqual(year.slice(0, 7).map(({ id }) => id));
  });

  it("keeps the newest of each day, week and month that has one, not of each that passed", () => {
    const sparse = [1, 40, 41, 80, 200].map((days) => archive(days));
    const rules = { last: 0, days: 0, monthly: 3 };
    expect(kept(sparse, rules)).toEqual([1, 40, 80].map((days) => archive(days).id));
    expect(kept(year, { last: 0, days: 0, weekly: 2 }).map((id) => id.slice(0, 10))).toEqual([
      "2026-11-21",
      "2026-11-15",
    ]);
    expect(kept([archive(0), archive(0.1), archive(1)], { last: 0, days: 0, daily: 2 })).toEqual([
      archive(0).id,
      archive(1).id,
    ]);
  });

  it("explains every decision, with all its reasons", () => {
    const [first, second] = decide([archive(1, { hold: "audit of May" }), archive(30)], { monthly: 1 });
    expect(first?.reasons).toEqual([
      "it is under hold: audit of May",
      "it is the last good one",
      "it is number 1 of the last 1",
      "it is younger than 7 days",
      "it is the newest of the month 2026-11, and 1 month is kept",
    ]);
    expect(second).toMatchObject({
      verdict: "delete",
      reasons: ["it is older than 7 days, and no other rule keeps it"],
    });
  });

  it("lets no wrong clock push out the true ones", () => {
    const future = Array.from({ length: 20 }, (_, n) => archive(-100 - n));
    expect(kept([...future, archive(50)], { last: 5, days: 0 })).toContain(archive(50).id);
  });

  it("holds each environment to its own rules", () => {
    const archives = ["staging", "production"].map((environment) =>
      archive(20, { environment, id: environment }),
    );
    const newest = ["staging", "production"].map((environment) =>
      archive(0, { environment, id: `${environment} new` }),
    );
    const rules = (environment: string) => ({ days: environment === "production" ? 30 : 7 });
    expect(
      decideRetention({ archives: [...archives, ...newest], rules, needed: nothingNeeded, now })
        .filter(({ verdict }) => verdict === "delete")
        .map(({ id }) => id),
    ).toEqual(["staging"]);
  });
});

describe("whatever the rules and the archives are, retention", () => {
  const cases = Array.from({ length: 300 }, (_, seed) => randomCase(seed + 1));

  it("decides once on each archive, with a reason, the same in whatever order they come", () => {
    for (const { archives, rules, needed } of cases) {
      const decisions = decide(archives, rules, { needed });
      expect(decisions.map(({ id }) => id).sort()).toEqual(archives.map(({ id }) => id).sort());
      expect(decisions.every(({ reasons }) => reasons.length > 0)).toBe(true);
      expect(new Set(kept([...archives].reverse(), rules, { needed }))).toEqual(
        new Set(kept(archives, rules, { needed })),
      );
    }
  });

  it("never gives up the last good one of a database, one under hold, or one that a release needs", () => {
    for (const { archives, rules, needed } of cases) {
      const stay = new Set(kept(archives, rules, { needed }));
      for (const one of archives) {
        if (one.hold !== null || needed.ids.includes(one.id)) expect(stay).toContain(one.id);
        if (one.release !== null && needed.releases.includes(one.release)) expect(stay).toContain(one.id);
        const alike = archives.filter(
          (other) => other.good && other.environment === one.environment && other.database === one.database,
        );
        if (alike.length > 0) expect(alike.some(({ id }) => stay.has(id))).toBe(true);
      }
    }
  });

  it("keeps no less when a rule grows, and changes nothing when it runs again", () => {
    for (const { archives, rules, needed } of cases) {
      const stay = kept(archives, rules, { needed });
      for (const rule of ["last", "days", "daily", "weekly", "monthly"] as const) {
        const more = new Set(kept(archives, { ...rules, [rule]: (rules[rule] ?? 7) + 1 }, { needed }));
        expect(stay.every((id) => more.has(id))).toBe(true);
      }
      const rest = archives.filter(({ id }) => stay.includes(id));
      expect(new Set(kept(rest, rules, { needed }))).toEqual(new Set(stay));
    }
  });
});

/** The same case for the same seed, so that a failure can be looked at. */
function randomCase(seed: number) {
  let state = seed * 2654435761;
  const upTo = (limit: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const archives = Array.from({ length: upTo(25) }, (_, n) =>
    archive(upTo(400) / 2 - 3, {
      id: `a${n}`,
      environment: ["staging", "production"][upTo(2)] ?? "",
      database: ["tracker", "tracker_ops"][upTo(2)] ?? "",
      release: upTo(3) === 0 ? null : upTo(10),
      good: upTo(4) > 0,
      hold: upTo(12) === 0 ? "somebody said so" : null,
    }),
  );
  const rules = { last: upTo(4), days: upTo(12), daily: upTo(5), weekly: upTo(5), monthly: upTo(5) };
  const needed = { ids: upTo(2) ? [`a${upTo(25)}`] : [], releases: upTo(2) ? [upTo(10)] : [] };
  return { archives, rules, needed };
}
