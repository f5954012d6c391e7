import { z } from "zod";
import type { SecretBook, SecretRecord } from "../world/secrets";
import { time } from "./machine-view";
import { bodyOf, isTrue, paramOf, type Asked, type Route } from "./route";

const path = "/v1/apps/{app}/secrets";
const onePath = `${path}/{name}`;

const bulk = z.looseObject({ values: z.record(z.string(), z.string().nullable()) });
const single = z.looseObject({ value: z.string() });

export const secretRoutes: Route[] = [
  {
    method: "GET",
    path,
    action: "list secrets",
    answer: (asked) => {
      const book = seenBook(asked);
      return { body: { secrets: book.all.map((one) => viewOf(one, isTrue(asked.query, "show_secrets"))) } };
    },
  },
  {
    method: "POST",
    path,
    action: "write secrets",
    answer: (asked) => {
      const book = bookOf(asked);
      const version = book.write(bodyOf(asked, bulk).values);
      return { body: { ...versions(version), secrets: book.all.map((one) => viewOf(one)) } };
    },
  },
  {
    method: "GET",
    path: onePath,
    action: "list secrets",
    answer: (asked) => {
      const secret = seenBook(asked).get(paramOf(asked, "name"));
      return { body: viewOf(secret, isTrue(asked.query, "show_secrets")) };
    },
  },
  {
    method: "POST",
    path: onePath,
    action: "write secrets",
    answer: (asked) => {
      const name = paramOf(asked, "name");
      const book = bookOf(asked);
      const version = book.write({ [name]: bodyOf(asked, single).value });
      return { status: 201, body: { ...versions(version), ...viewOf(book.get(name)) } };
    },
  },
  {
    method: "DELETE",
    path: onePath,
    action: "write secrets",
    answer: (asked) => {
      const book = bookOf(asked);
      const { name } = book.get(paramOf(asked, "name"));
      return { body: versions(book.write({ [name]: null })) };
    },
  },
];

function bookOf(asked: Asked): SecretBook {
  return asked.world.app(paramOf(asked, "app")).secrets;
}

/** As whoever asks for a version at least may see it; Fly's own tool asks under another name. */
function seenBook(asked: Asked): SecretBook {
  const book = bookOf(asked);
  book.require(Number(asked.query.get("min_version") ?? asked.query.get("version") ?? 0), 0);
  return book;
}

/** Older and newer clients read it under different names. */
function versions(version: number): Record<string, number> {
  return { version, Version: version };
}

function viewOf(
  { name, digest, value, createdAt, updatedAt }: SecretRecord,
  shown = false,
): Record<string, unknown> {
  const times = { created_at: time(createdAt), updated_at: time(updatedAt) };
  return { name, digest, ...times, ...(shown ? { value } : {}) };
}
