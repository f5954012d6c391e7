import type { MachineGuest } from "../../../drivers/fly-api";
import type { TomlMachine } from "./schema";

const units: Record<string, number> = { mb: 1, gb: 1024, tb: 1024 * 1024 };

/** "512mb", "1gb" or plain megabytes; undefined when it is none of these. */
export function megabytes(size: string | number | undefined): number | undefined {
  if (typeof size === "number" || size === undefined) return size;
  const match = /^(\d+)\s*(mb|gb|tb)?$/i.exec(size.trim());
  return match ? Number(match[1]) * (units[(match[2] ?? "mb").toLowerCase()] ?? 1) : undefined;
}

/** A machine's size from its name, "shared-cpu-2x", and what is said beside it. */
export function guestOf({ size, memory, cpus, cpu_kind }: TomlMachine): MachineGuest {
  const match = /^(shared-cpu|performance)-(\d+)x$/.exec(size ?? "shared-cpu-1x");
  const kind = cpu_kind ?? (match?.[1] === "performance" ? "performance" : "shared");
  const count = cpus ?? Number(match?.[2] ?? 1);
  const usual = count * (kind === "performance" ? 2048 : 256);
  return { cpu_kind: kind, cpus: count, memory_mb: megabytes(memory) ?? usual };
}
