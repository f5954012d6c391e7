import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { openLazily, opsDatabaseName } from "../../infra/drivers/mongo";
import { giveLeaseBack, Leadership } from "../../infra/engines/monitoring";
import { Interruption } from "../engine";
import { printResult, type Terminal } from "../terminal";
import { alertingOf } from "./alerting";
import { findSite } from "./find-site";
import { keepLooking } from "./keep-looking";
import { wantedOf, type MonitorOptions } from "./options";
import { probesOf } from "./probes";
import { makeRound, type RoundWish } from "./round";
import { MonitorState } from "./state";
import { roundText } from "./text";

const usual = { port: 9464, intervalMs: 30_000 };

/** Looks at everything once, or again and again until it is told to stop, and answers about it meanwhile. */
export async function monitor(options: MonitorOptions, terminal: Terminal): Promise<number> {
  const site = await findSite(options);
  const { port, interval } = site.settings?.monitoring ?? {};
  const wanted = wantedOf(options, {
    port: port ?? usual.port,
    intervalMs: interval ?? usual.intervalMs,
  });
  const interruption = new Interruption(() => terminal.say("stopping"));
  const client = await openLazily(site.address, "backup", { appName: "dnd-monitor" });
  try {
    const ops = client.db(opsDatabaseName(site.address.name));
    const database = client.db(site.address.name);
    const holder = `${hostname()}-${process.pid}-${randomBytes(4).toString("hex")}`;
    const state = new MonitorState();
    const round: RoundWish = {
      environment: site.environment,
      ops,
      probes: probesOf(site, { database, ops }, (machines) => (state.machines = machines)),
      leadership: new Leadership({ holder }),
      alerting: alertingOf(site, ops, interruption.signal),
      state,
      say: sayOnce(terminal.say),
      signal: interruption.signal,
    };
    const code = options.once
      ? await lookOnce(round, terminal)
      : await keepLooking({ options, site, wanted, round, database, terminal });
    await giveLeaseBack(ops, { name: "monitor", holder }).catch(() => undefined);
    return code;
  } finally {
    interruption.release();
    await client.close();
  }
}

/** One round, and what it found; exit code 1 where something is not well. */
async function lookOnce(round: RoundWish, terminal: Terminal): Promise<number> {
  // A single look is all that there will be.
  await makeRound({ ...round, patience: { failures: 1, successes: 1 } }, new Date());
  const { figures, looks, standing } = round.state;
  printResult(terminal, { standing, figures, failed: looks.failed }, () => roundText(round.state));
  return looks.failed.length > 0 || looks.figures.some(isBad) ? 1 : 0;
}

function isBad({ name, value }: { name: string; value: number }): boolean {
  return (name === "databaseDown" || name === "serviceDown" || name === "unhealthyMachines") && value > 0;
}

/** What goes on being wrong is told once, and again when it comes back. */
function sayOnce(say: (line: string) => void): (line: string) => void {
  let said = "";
  return (line) => {
    if (line !== said) say(line);
    said = line;
  };
}
