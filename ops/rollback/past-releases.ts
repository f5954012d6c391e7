import { z } from "zod";
import {
  mergeReleases,
  missingNumbers,
  releaseInState,
  releasesInHistory,
  type Release,
} from "../../infra/engines/release";
import { messageOf } from "../../infra/support";
import { chooseEngine, findPulumi, runChild, type EngineName, type StackPlace } from "../engine";
import { resolvePlace, type PlaceOptions } from "../stack-place";

/** Which stack's history is read, unless a database was named. */
export interface HistoryOptions extends PlaceOptions {
  engine: EngineName;
  uri?: string;
}

const project = "dnd-tracker";
const looked = 100;
const askMs = 60_000;

/** The releases of a stack: those of the journal, and where that has holes also those of the stack's own history. */
export async function pastReleases(
  options: HistoryOptions,
  { journal, asked }: { journal: Release[]; asked: number },
  say: (line: string) => void,
): Promise<Release[]> {
  if (!missingNumbers(journal, asked) || options.uri !== undefined) return journal;
  const place = await resolvePlace(options);
  try {
    const history = await inHistory(place, options);
    say(`the journal of releases has holes: ${history.length} releases were read in the stack's history`);
    return mergeReleases(journal, history);
  } catch (error) {
    say(`! the history of the stack cannot be read: ${messageOf(error)}`);
    return journal;
  }
}

async function inHistory(place: StackPlace, options: HistoryOptions): Promise<Release[]> {
  const { backendUrl, stack } = place;
  if (backendUrl && /^(file|s3):\/\//.test(backendUrl)) {
    return releasesInHistory(backendUrl, project, stack.split("/").at(-1) ?? stack, looked);
  }
  return inPulumiCloud(place, options);
}

/** Pulumi Cloud keeps every version of the state and gives it out by its number. */
async function inPulumiCloud(place: StackPlace, { engine: wanted }: HistoryOptions): Promise<Release[]> {
  const { engine } = await chooseEngine(wanted);
  const cli = await findPulumi();
  if (engine.name !== "pulumi" || !cli.found) return [];
  const ask = async (...args: string[]) => {
    const { code, stdout, stderr } = await runChild(
      cli.found.path,
      [...args, "--stack", place.stack, "--non-interactive"],
      { cwd: place.projectDir, env: process.env, timeoutMs: askMs },
    );
    if (code !== 0) throw new Error(stderr.trim());
    return stdout;
  };
  const versions = z
    .array(z.looseObject({ version: z.int().positive(), result: z.string() }))
    .parse(JSON.parse(await ask("stack", "history", "--json", "--page-size", String(looked))));
  const releases: Release[] = [];
  for (const { version, result } of versions) {
    if (result !== "succeeded") continue;
    const release = releaseInState(await ask("stack", "export", "--version", String(version)));
    if (release) releases.push(release);
  }
  return mergeReleases([], releases);
}
