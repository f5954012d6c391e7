import type { FlyApi, FlyVolume } from "../../infra/drivers/fly-api";
import { OperatorError } from "../../infra/support";
import { confirm, printResult, table, type Terminal } from "../terminal";
import type { FlyOptions } from "./options";
import { appSettingsOf } from "./settings";

/** Lists the volumes of an app, or destroys one of them: the one way in which this project ever does. */
export async function volumes(options: FlyOptions, terminal: Terminal): Promise<number> {
  const [word = "list", id, ...more] = options.words;
  const isList = word === "list" && id === undefined;
  if (!isList && (word !== "destroy" || id === undefined || more.length > 0)) throw unclear(options.words);
  const { openFlyApiOf } =
    require("../../infra/drivers/fly-api") as typeof import("../../infra/drivers/fly-api");
  const api = openFlyApiOf(process.env);
  const app = options.app ?? (await appSettingsOf(options)).name;
  if (id === undefined) return list(api, app, terminal);
  return destroy(api, { app, id, yes: options.yes }, terminal);
}

async function list(api: FlyApi, app: string, terminal: Terminal): Promise<number> {
  const [found, machines] = await Promise.all([api.volumes.list(app), api.machines.list(app)]);
  const nameOf = (id: string | null | undefined) =>
    machines.find((one) => one.id === id)?.name ?? id ?? undefined;
  const rows = found.map((one) => ({
    ...{ id: one.id, name: one.name, region: one.region, sizeGb: one.size_gb },
    ...{ machine: nameOf(one.attached_machine_id) ?? null, host: one.host_status ?? "ok" },
  }));
  printResult(terminal, { app, volumes: rows }, () =>
    rows.length === 0
      ? `App ${app} has no volumes.`
      : table([
          ["ID", "NAME", "REGION", "SIZE", "MACHINE"],
          ...rows.map(({ id, name, region, sizeGb, machine, host }) => [
            ...[id, name, region, `${sizeGb} GB`],
            `${machine ?? "none"}${host === "ok" ? "" : ` (host ${host})`}`,
          ]),
        ]),
  );
  return 0;
}

async function destroy(
  api: FlyApi,
  { app, id, yes }: { app: string; id: string; yes: boolean },
  terminal: Terminal,
): Promise<number> {
  const volume = await api.volumes.get(app, id);
  if (!volume) throw missing(app, id);
  await refuseAttached(api, app, volume);
  const what = `volume ${id} (${volume.name}, ${volume.size_gb} GB, ${volume.region}, attached to no machine)`;
  const action = `destroy ${what}`;
  const snapshots = await api.volumes.snapshots(app, id);
  const loss =
    `All that is on ${what} would be lost; ` +
    (snapshots.length > 0
      ? `its ${snapshots.length} snapshots are kept for a while.`
      : "there is no snapshot of it.");
  await confirm(terminal, { action, loss, word: id, yes });
  await api.volumes.delete(app, id);
  printResult(terminal, { app, destroyed: id }, () => `Destroyed ${what}.`);
  return 0;
}

async function refuseAttached(api: FlyApi, app: string, volume: FlyVolume): Promise<void> {
  const holder = volume.attached_machine_id ?? volume.attached_alloc_id;
  if (!holder) return;
  const machine = await api.machines.get(app, holder);
  throw new OperatorError({
    code: "fly-volume-attached",
    message: `volume ${volume.id} (${volume.name}, ${volume.size_gb} GB) is attached to machine ${machine ? `${machine.name} (${holder})` : holder}`,
    remedy: "Remove that machine first, for one by a smaller count in the settings and `dnd up`.",
    kind: "refused",
  });
}

function missing(app: string, id: string): OperatorError {
  return new OperatorError({
    code: "fly-volume-missing",
    message: `app ${app} has no volume ${id}`,
    remedy: "`dnd fly volumes list` shows those that there are.",
    kind: "usage",
  });
}

function unclear(words: readonly string[]): OperatorError {
  return new OperatorError({
    code: "fly-volumes-unclear",
    message: `dnd fly volumes ${words.join(" ")}: list, or destroy with the id of one volume, is possible`,
    remedy: "Write `dnd fly volumes list` or `dnd fly volumes destroy vol_…`.",
    kind: "usage",
  });
}
