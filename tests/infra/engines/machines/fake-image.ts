import { createHash } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import type { AppImage } from "../../../../infra/engines/machines";
import { localFolder } from "../../../../infra/support";

/** How an edition of the pretended app behaves. */
export type Behaviour = "good" | "crashes" | "says-another-version" | "fails-later" | "silent";

const program = (behaviour: Behaviour) => `
const { existsSync } = require("node:fs");
const { createServer } = require("node:http");
const { PORT, APP_VERSION, MACHINE_ID, MONGODB_URI, COLOUR } = process.env;
const behaviour = ${JSON.stringify(behaviour)};
console.log("starting " + APP_VERSION);
if (behaviour === "crashes") { console.error("no such table: dragons, asked at " + MONGODB_URI); process.exit(3); }
let stopping = false;
const server = createServer({ keepAliveTimeout: 65000 }, (request, response) => {
  const version = behaviour === "says-another-version" ? "0.0.1" : APP_VERSION;
  const url = new URL(request.url, "http://app");
  const ill = existsSync(__dirname + "/../ill");
  if (url.pathname.startsWith("/api/health") && ill) response.statusCode = 503;
  if (stopping) response.setHeader("connection", "close");
  const answer = () => response.end(JSON.stringify({ status: "ok", version, machine: MACHINE_ID, colour: COLOUR }));
  setTimeout(answer, Number(url.searchParams.get("ms") ?? 0));
});
if (behaviour !== "silent") server.listen(Number(PORT), "127.0.0.1");
else setInterval(() => undefined, 1000);
if (behaviour === "fails-later") setTimeout(() => { console.error("the dragon woke up"); process.exit(4); }, 250);
process.on("SIGTERM", () => {
  stopping = true;
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
`;

/** From now on the database of all machines is gone, or back. */
export async function setIll(ill: boolean): Promise<void> {
  await (ill ? writeFile(localFolder("images", "ill"), "") : rm(localFolder("images", "ill")));
}

/** An image as the store keeps it, of an app that needs no database and behaves as told. */
export async function fakeImage(version: string, behaviour: Behaviour = "good"): Promise<AppImage> {
  const hex = createHash("sha256").update(`${version} ${behaviour}`).digest("hex");
  const image = { name: "tracker", version, digest: `sha256:${hex}` };
  const folder = localFolder("images", hex);
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}/server.js`, program(behaviour));
  await writeFile(`${folder}/manifest.json`, JSON.stringify({ version: 1, image, entry: "server.js" }));
  return image;
}
