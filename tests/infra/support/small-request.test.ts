import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { smallRequest } from "../../../infra/support";

const server = createServer((request, response) => {
  if (request.url === "/hang") return;
  if (request.url === "/endless") return void response.writeHead(200).write("a".repeat(100));
  if (request.url === "/away") return void response.writeHead(302, { location: "/" }).end();
  request.setEncoding("utf8");
  let body = "";
  request.on("data", (text: string) => (body += text));
  request.on("end", () => response.writeHead(201, { "x-said": "yes" }).end(`${request.method} ${body}é`));
});
let url: string;

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const patient = () => AbortSignal.timeout(10_000);

test("a small request brings back status, headers and text, and follows nothing", async () => {
  const answer = await smallRequest(url, { method: "POST", body: "größe", signal: patient() });
  expect(answer).toMatchObject({ status: 201, text: "POST größeé", headers: { "x-said": "yes" } });
  expect((await smallRequest(`${url}/away`, { signal: patient() })).status).toBe(302);
  expect((await smallRequest(url, { method: "HEAD", signal: patient() })).text).toBe("");
});

test("of an answer without an end as much is read as is wanted", async () => {
  const read = (readAtMost: number) => smallRequest(`${url}/endless`, { signal: patient(), readAtMost });
  expect((await read(10)).text).toBe("a".repeat(10));
  expect(await read(0)).toMatchObject({ status: 200, text: "" });
});

test("one that is given up ends with the reason of its signal, one that nobody hears with the address's own", async () => {
  await expect(smallRequest(`${url}/hang`, { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
    name: "TimeoutError",
  });
  await expect(smallRequest("http://127.0.0.1:1", { signal: patient() })).rejects.toMatchObject({
    code: "ECONNREFUSED",
  });
});
