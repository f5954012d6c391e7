import type { MachineConfig } from "./config";
import { invalid } from "../refusal";

interface Kind {
  cpus: readonly number[];
  memoryStep: number;
  memoryPerCpu: readonly [number, number];
}

const kinds: Record<string, Kind> = {
  shared: { cpus: [1, 2, 4, 6, 8], memoryStep: 256, memoryPerCpu: [256, 2048] },
  performance: {
    cpus: [1, 2, 4, 6, 8, 10, 12, 14, 16, 32, 64, 128],
    memoryStep: 1024,
    memoryPerCpu: [2048, 8192],
  },
};

/** Refuses a size of machine that does not exist. */
export function refuseWrongGuest({ guest }: MachineConfig): void {
  const { cpu_kind = "shared", cpus = 1, memory_mb: memory = 256 } = guest ?? {};
  const kind = kinds[cpu_kind];
  if (!kind) throw invalid(`invalid config.guest.cpu_kind, must be shared or performance, got ${cpu_kind}`);
  if (!kind.cpus.includes(cpus)) {
    throw invalid(`invalid config.guest.cpus, must be one of ${kind.cpus.join(", ")}, got ${cpus}`);
  }
  const [least, most] = kind.memoryPerCpu.map((one) => one * cpus) as [number, number];
  if (memory < least || memory > most || memory % kind.memoryStep !== 0) {
    throw invalid(
      `invalid config.guest.memory_mb, must be a multiple of ${kind.memoryStep} from ${least} to ${most}, got ${memory}`,
    );
  }
}
