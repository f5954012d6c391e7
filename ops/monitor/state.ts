import {
  type Beliefs,
  type Figure,
  type Looks,
  type MachineHealth,
  type Sample,
  type Standing,
} from "../../infra/engines/monitoring";

/** What a monitor knows while it runs; all that must outlive it is in the database. */
export class MonitorState {
  figures: readonly Figure[] = [];
  beliefs: Beliefs = {};
  /** Whether the beliefs of an earlier run were read. */
  remembered = false;
  standing: Standing = { leads: false, certain: false, holder: null };
  machines: readonly MachineHealth[] = [];
  rounds = 0;
  endedAt: Date | null = null;
  looks: Looks = { figures: [], failed: [], durations: [] };

  regions(): ReadonlyMap<string, string | null> {
    return new Map(this.machines.map(({ id, region }) => [id, region]));
  }

  /** What `/metrics` says of this process itself. */
  samples(): Sample[] {
    const failed = new Set(this.looks.failed.map(({ probe }) => probe));
    return [
      { series: "dnd_monitor_leads", value: this.standing.leads ? 1 : 0 },
      { series: "dnd_monitor_rounds_total", value: this.rounds },
      ...(this.endedAt
        ? [
            {
              series: "dnd_monitor_last_round_timestamp_seconds" as const,
              value: this.endedAt.getTime() / 1000,
            },
          ]
        : []),
      ...this.looks.durations.map(({ probe, seconds }): Sample => ({
        series: "dnd_probe_duration_seconds",
        labels: { probe },
        value: seconds,
      })),
      ...this.looks.durations.map(({ probe }): Sample => ({
        series: "dnd_probe_success",
        labels: { probe },
        value: failed.has(probe) ? 0 : 1,
      })),
    ];
  }
}
