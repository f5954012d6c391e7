import type { MachineConfig } from "../world/config";

/** What an image is where machines are processes: a program in a folder. */
export interface ImageProgram {
  command: readonly string[];
  cwd: string;
  env?: Record<string, string>;
  /** Folders of the image beside the program's own, and where they lie on this computer. */
  folders?: Record<string, string>;
  /** The port that the program believes to listen on; that of the machine's service unless told otherwise. */
  port?: number;
}

/** The program of an image; undefined when there is no such image. */
export type FindImage = (image: string) => ImageProgram | undefined;

/** What a machine runs: its own words before those of its image. */
export function commandOf({ init, processes }: MachineConfig, program: ImageProgram): string[] {
  const own = firstProcess(processes) ?? init ?? {};
  if (own.exec?.length) return own.exec;
  const { entrypoint, cmd } = own;
  if (!entrypoint?.length && !cmd?.length) return [...program.command];
  return [...(entrypoint ?? []), ...(cmd ?? [])];
}

/** The port that the program in a machine listens on, as far as its environment and image tell. */
export function listeningPort(config: MachineConfig, program: ImageProgram): number {
  const told = Number(config.env?.PORT);
  if (Number.isInteger(told) && told > 0) return told;
  return program.port ?? config.services?.[0]?.internal_port ?? 8080;
}

/** Images by their whole name, or by their name without the digest. */
export function imagesOf(table: Record<string, ImageProgram>): FindImage {
  return (image) => table[image] ?? table[image.split("@")[0] ?? ""];
}

interface Words {
  exec?: string[] | null | undefined;
  entrypoint?: string[] | null | undefined;
  cmd?: string[] | null | undefined;
}

/** Of the older form of a configuration, in which a machine has a list of processes. */
function firstProcess(processes: unknown): Words | undefined {
  return Array.isArray(processes) ? (processes[0] as Words | undefined) : undefined;
}
