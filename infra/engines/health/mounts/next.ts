type Handler = (request: Request) => Promise<Response>;

/** What a Next.js route file exports: `export const { GET, HEAD } = nextRoute(handlers.health)`. */
export function nextRoute(handler: Handler): { GET: Handler; HEAD: Handler } {
  return {
    GET: (request) => handler(request),
    HEAD: async (request) => {
      const { status, headers } = await handler(request);
      return new Response(null, { status, headers });
    },
  };
}
