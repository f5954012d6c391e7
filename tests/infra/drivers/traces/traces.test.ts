import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { sendSpans, tracesPlace, type Span } from "../../../../infra/drivers/traces";
import { releaseSpans } from "../../../../infra/engines/monitoring";

const start = new Date(Date.UTC(2026, 2, 1, 12));
const release = {
  _id: 7,
  documentVersion: 1 as const,
  state: "failed" as const,
  environment: "production",
  image: { name: "tracker", version: "1.7.0", digest: "sha256:7" },
  startedAt: start,
  finishedAt: new Date(start.getTime() + 5000),
  commit: "abc",
  kind: "forward" as const,
  error: "machines stayed unhealthy",
  steps: [
    { name: "backup", outcome: "done" as const, at: start, durationMs: 1200 },
    {
      name: "app-machines",
      outcome: "failed" as const,
      at: new Date(start.getTime() + 1200),
      durationMs: 3000,
    },
  ],
};

describe("where traces go", () => {
  test("is what the usual variables say, the one for traces as it stands", () => {
    const base = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318/" };
    expect(tracesPlace(base)?.url).toBe("http://collector:4318/v1/traces");
    const own = { ...base, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://traces:1/x" };
    expect(tracesPlace(own)?.url).toBe("http://traces:1/x");
    const headers = {
      ...base,
      OTEL_EXPORTER_OTLP_HEADERS: "api-key=a%3Db, x=1",
      OTEL_SERVICE_NAME: "deploys",
    };
    expect(tracesPlace(headers)).toMatchObject({ headers: { "api-key": "a=b", x: "1" }, service: "deploys" });
  });

  test("is nowhere without them, or where they switch it off", () => {
    expect(tracesPlace({})).toBeUndefined();
    const off = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318", OTEL_SDK_DISABLED: "true" };
    expect(tracesPlace(off)).toBeUndefined();
  });
});

describe("a release as a trace", () => {
  const spans = releaseSpans("tracker", release);

  test("is one span, and one below it for each step", () => {
    const [root, backup, machines] = spans;
    expect(spans).toHaveLength(3);
    expect(root?.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(backup).toMatchObject({ name: "backup", parentSpanId: root?.spanId, traceId: root?.traceId });
    expect(backup?.error).toBeUndefined();
    expect(machines?.error).toBe("app-machines failed");
    expect(root?.error).toBe("machines stayed unhealthy");
  });

  test("has the same ids when it is sent again", () => {
    expect(releaseSpans("tracker", release)).toEqual(spans);
  });

  test("is none while it runs", () => {
    expect(releaseSpans("tracker", { ...release, state: "running", finishedAt: null })).toEqual([]);
  });
});

describe("sending", () => {
  const seen: { path: string | undefined; headers: IncomingHttpHeaders; body: unknown }[] = [];
  let server: Server;
  let place: NonNullable<ReturnType<typeof tracesPlace>>;
  let status = 200;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        const body: unknown = JSON.parse(Buffer.concat(parts).toString());
        seen.push({ path: request.url, headers: request.headers, body });
        response.writeHead(status).end("{}");
      });
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo;
    const found = tracesPlace({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_HEADERS: "api-key=k",
    });
    if (!found) throw new Error("the variables name a place");
    place = found;
  });
  afterAll(() => new Promise((done) => server.close(done)));

  test("is OTLP as JSON: times in nanoseconds as text, numbers of whole steps as text, errors by their code", async () => {
    const spans: Span[] = releaseSpans("tracker", release);
    await sendSpans(place, spans);
    const [sent] = seen;
    expect(sent).toMatchObject({
      path: "/v1/traces",
      headers: { "api-key": "k", "content-type": "application/json" },
    });
    expect(sent?.body).toMatchObject({
      resourceSpans: [
        {
          resource: { attributes: [{ key: "service.name", value: { stringValue: "dnd-tracker-deploy" } }] },
          scopeSpans: [
            {
              spans: [
                { kind: 1, startTimeUnixNano: `${start.getTime()}000000`, status: { code: 2 } },
                { name: "backup", status: { code: 1 } },
                { name: "app-machines", status: { code: 2, message: "app-machines failed" } },
              ],
            },
          ],
        },
      ],
    });
  });

  test("that is not taken says so, with what to look at", async () => {
    status = 401;
    await expect(sendSpans(place, releaseSpans("tracker", release))).rejects.toMatchObject({
      code: "traces-not-taken",
      message: expect.stringContaining("answered 401") as string,
    });
  });
});
