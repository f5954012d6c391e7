import { ApiProblem } from "./problem";

/** The JSON of a request of at most so many bytes; of a larger one no more than that is read. */
export async function readJson(request: Request, limit: number): Promise<unknown> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") throw new ApiProblem(415, "the request must be application/json");
  const text = new TextDecoder().decode(await readBytes(request, limit));
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ApiProblem(400, "the request is not valid", {}, ["the body is not JSON"]);
  }
}

async function readBytes(request: Request, limit: number): Promise<Uint8Array> {
  const announced = Number(request.headers.get("content-length") ?? 0);
  if (announced > limit) {
    await request.body?.cancel().catch(() => undefined);
    throw tooLarge(limit);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body?.getReader();
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    size += part.value.byteLength;
    if (size > limit) {
      await reader?.cancel().catch(() => undefined);
      throw tooLarge(limit);
    }
    chunks.push(part.value);
  }
  return Buffer.concat(chunks);
}

function tooLarge(limit: number): ApiProblem {
  return new ApiProblem(413, `the request is larger than ${limit / 1024} kB`, { connection: "close" });
}
