import { DeadlineError } from "../../support";

/** What the operations' database answers; one that is silent makes nobody wait longer than this. */
export function inTime<T>(work: Promise<T>, ms: number): Promise<T> {
  return new Promise((done, fail) => {
    const over = setTimeout(() => fail(late(ms)), ms);
    void work.then(done, fail).finally(() => clearTimeout(over));
  });
}

function late(ms: number): DeadlineError {
  return new DeadlineError({
    code: "monitoring-late",
    message: `the operations' database did not answer within ${ms / 1000}s`,
    remedy: "Look at the database's health, then ask again.",
  });
}
