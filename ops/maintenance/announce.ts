import { createHash } from "node:crypto";
import { z } from "zod";
import { markAnnounced, type Maintenance } from "../../infra/engines/maintenance";
import { Secret } from "../../infra/support";
import type { OperationsAt } from "../operations-database";
import type { Terminal } from "../terminal";
import type { MaintenanceOptions } from "./options";
import { maintenanceText } from "./text";

const deadlineMs = 20_000;

/** As much of an email channel as a mail needs. */
const mailSettings = z.looseObject({
  from: z.string(),
  smtp: z.looseObject({
    host: z.string(),
    port: z.number(),
    tls: z.enum(["implicit", "required", "none"]).default("required"),
    user: z.string().optional(),
    password: z.union([z.string().transform((text) => new Secret(text)), z.instanceof(Secret)]).optional(),
  }),
});

/** Who was told of a turn of the switch. */
export interface Told {
  to: string[];
  problem: string | null;
}

/** Sends mail to the list that was named; a mail that cannot be sent turns no switch back. */
export async function announce(
  { mail = [], stack }: MaintenanceOptions,
  { ops, settings }: OperationsAt,
  known: Maintenance,
  terminal: Terminal,
): Promise<Told | null> {
  if (mail.length === 0) return null;
  const problem = await send(mail, settings, known, stack);
  if (problem === null) await markAnnounced(ops, new Date());
  else terminal.say(`! the mail was not sent: ${problem}`);
  return { to: problem === null ? mail : [], problem };
}

async function send(
  to: string[],
  settings: OperationsAt["settings"],
  known: Maintenance,
  stack: string,
): Promise<string | null> {
  const channel = settings?.monitoring.channels.find(({ type }) => type === "email");
  const { data } = mailSettings.safeParse(channel?.config);
  if (!data) return "monitoring.channels has no email channel that says where mail is handed in";
  const { from, smtp } = data;
  const { host, port, tls, user, password } = smtp;
  const { sendMail } = require("../../infra/drivers/mail") as typeof import("../../infra/drivers/mail");
  const text = maintenanceText(known);
  const login = user !== undefined && password !== undefined ? { login: { user, password } } : {};
  const outcome = await sendMail(
    { host, port, tls, ...login },
    {
      from,
      to,
      text,
      subject: subjectOf(known),
      html: `<p>${escaped(text)}</p>`,
      messageId: idOf(known, stack),
    },
    { deadlineMs },
  );
  return outcome.kind === "delivered" ? null : outcome.detail;
}

function subjectOf({ on, scheduled, from }: Maintenance): string {
  if (scheduled) return `D&D Tracker: maintenance from ${from?.toISOString() ?? "soon"}`;
  return on ? "D&D Tracker: maintenance has begun" : "D&D Tracker: maintenance is over";
}

/** The same turn of the switch is the same mail. */
function idOf({ on, scheduled, from, until, message }: Maintenance, stack: string): string {
  const turn = JSON.stringify([stack, on, scheduled, from, until, message]);
  return `maintenance-${createHash("sha256").update(turn).digest("hex").slice(0, 24)}`;
}

function escaped(text: string): string {
  const signs: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "\n": "<br>" };
  return text.replace(/[&<>\n]/g, (sign) => signs[sign] ?? sign);
}
