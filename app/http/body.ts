import type { IncomingMessage } from "node:http";
import { HttpProblem } from "./problem";

/** More than any character sheet; what is larger is a mistake or an attack. */
export const bodyLimit = 1024 * 1024;

/** The whole body of a request within the limit; the rest of a larger one is thrown away unread. */
export async function readBody(message: IncomingMessage): Promise<Buffer> {
  const tooLarge = () => {
    message.resume();
    return new HttpProblem(413, "the request is larger than 1 MB", [], { connection: "close" });
  };
  if (Number(message.headers["content-length"] ?? 0) > bodyLimit) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((done, fail) => {
    message.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= bodyLimit) chunks.push(chunk);
      else fail(tooLarge());
    });
    message.once("end", () => done(Buffer.concat(chunks)));
    message.once("error", () => fail(new HttpProblem(400, "the request broke off")));
  });
}

/** The JSON that a request carries. Other types are refused: a form of a foreign page cannot send this one. */
export async function readJsonBody(request: Request): Promise<unknown> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim();
  if (type !== "application/json") throw new HttpProblem(415, "the request must be application/json");
  try {
    return await request.json();
  } catch {
    throw new HttpProblem(400, "the request is not valid", ["the body is not JSON"]);
  }
}
