import type { Db } from "mongodb";
import {
  archivesProbe,
  certificateProbe,
  databaseProbe,
  diskProbe,
  freshnessProbe,
  heartbeats,
  machinesProbe,
  migrationsProbe,
  releasesProbe,
  serviceProbe,
  trafficProbe,
  type MachineHealth,
  type Probe,
} from "../../infra/engines/monitoring";
import type { Site } from "./site";

/** Everything that is looked at in a round. */
export function probesOf(
  site: Site,
  { database, ops }: { database: Db; ops: Db },
  remember: (machines: MachineHealth[]) => void,
): Probe[] {
  const { environment, machines, services, certificates, disks, migrations } = site;
  const beats = () => heartbeats(ops);
  return [
    databaseProbe(database),
    machinesProbe(machines, remember),
    trafficProbe(ops, environment),
    archivesProbe({ environment, ops, heartbeats: beats }),
    freshnessProbe({ environment, ops, heartbeats: beats }),
    migrationsProbe(database, migrations),
    releasesProbe(ops, environment),
    ...services.map(serviceProbe),
    ...certificates.map(certificateProbe),
    ...disks.map(({ subject, folder }) => diskProbe(subject, folder)),
  ];
}
