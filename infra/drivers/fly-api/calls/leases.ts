import { FlyNotFound, LeaseLost, UnexpectedAnswer } from "../errors";
import type { LeaseCalls } from "../contract";
import type { Send } from "../request";
import { leaseAnswerSchema, type HeldLease } from "../schemas/lease";
import { doneSchema, orMissing, pathOf } from "./call";

interface LeaseWish {
  ttlSeconds: number;
  description?: string;
  nonce?: string;
  signal?: AbortSignal | undefined;
}

export function leaseCalls(send: Send): LeaseCalls {
  const place = (app: string, id: string) => pathOf("apps", app, "machines", id, "lease");

  /** With a nonce it lengthens that lease, which may be repeated; a new one may not, for its nonce would be lost. */
  const take = async (app: string, id: string, wish: LeaseWish): Promise<HeldLease> => {
    const doing = `${wish.nonce ? "keep" : "give"} the lease of machine ${id} of app ${app}`;
    const { value } = await send(
      {
        doing,
        method: "POST",
        path: place(app, id),
        // The description wants these in the body, Fly's own clients send the first in the query.
        query: new URLSearchParams({ ttl: String(wish.ttlSeconds) }),
        body: { ttl: wish.ttlSeconds, ...(wish.description ? { description: wish.description } : {}) },
        nonce: wish.nonce,
        repeatable: wish.nonce !== undefined,
        limit: { action: wish.nonce ? "refresh lease" : "lease", of: id },
        answer: leaseAnswerSchema,
      },
      wish.signal,
    );
    const nonce = value.nonce ?? wish.nonce;
    if (nonce === undefined) throw new UnexpectedAnswer({ doing, said: "its answer has no nonce" });
    return { ...value, nonce };
  };

  return {
    read: async (app, id, options = {}) => {
      const asked = send(
        {
          doing: `show the lease of machine ${id} of app ${app}`,
          method: "GET",
          path: place(app, id),
          repeatable: true,
          limit: { action: "look lease", of: id },
          answer: leaseAnswerSchema,
        },
        options.signal,
      );
      return (await orMissing(asked))?.value;
    },
    acquire: (app, id, wish) => take(app, id, wish),
    refresh: (app, id, wish) => take(app, id, wish),
    release: async (app, id, nonce, options = {}) => {
      try {
        await send(
          {
            doing: `release the lease of machine ${id} of app ${app}`,
            method: "DELETE",
            path: place(app, id),
            nonce,
            repeatable: true,
            limit: { action: "release lease", of: id },
            answer: doneSchema,
          },
          options.signal,
        );
      } catch (error) {
        if (!(error instanceof LeaseLost || error instanceof FlyNotFound)) throw error;
      }
    },
  };
}
