import { approve as approveRelease, type Approved } from "../../infra/engines/preflight";
import { neighbours } from "../check/neighbours";
import { wishesOf } from "../check/wishes";
import { Interruption } from "../engine";
import { printResult, type Terminal } from "../terminal";
import { usage, type ReleaseOptions } from "./options";

/** Shows what the coming release is, or signs that one agrees to it. */
export async function approve(options: ReleaseOptions, terminal: Terminal): Promise<number> {
  const [reference = "next"] = options.numbers;
  const interruption = new Interruption(terminal.say);
  try {
    const wishes = await wishesOf(options, false);
    if (reference !== "next" && Number(reference) !== wishes.release) {
      throw usage(`the coming release is ${wishes.release ?? "not known"}, not ${reference}`);
    }
    const { signal } = interruption;
    const found = await approveRelease(wishes, neighbours(), { key: options.key ?? null, signal });
    printResult(terminal, found, () => approvedText(found, options.stack));
    return 0;
  } finally {
    interruption.release();
  }
}

function approvedText({ text, signedBy, people, needed, release }: Approved, stack: string): string {
  const signed = `${people.length} of ${needed} have signed${people.length > 0 ? `: ${people.join(", ")}` : ""}`;
  if (signedBy !== null) return `${text}\nsigned by ${signedBy}; ${signed}`;
  return `${text}\n${signed}\nWhoever agrees: dnd release approve ${release} --stack ${stack} --key ~/.ssh/id_ed25519`;
}
