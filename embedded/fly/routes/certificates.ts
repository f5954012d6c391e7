import { z } from "zod";
import { bodyOf, paramOf, type Answer, type Asked, type Route } from "./route";
import { detailOf, summaryOf } from "./certificate-view";
import { refusePlainly } from "../refusal";

const path = "/v1/apps/{app}/certificates";
const onePath = `${path}/{hostname}`;

const acme = z.looseObject({ hostname: z.string() });
const custom = acme.extend({ fullchain: z.string().min(1), private_key: z.string().min(1) });

export const certificateRoutes: Route[] = [
  { method: "GET", path, action: "list certificates", answer: list },
  {
    method: "POST",
    path: `${path}/acme`,
    action: "request a certificate",
    answer: (asked) => {
      const { hostname } = bodyOf(asked, acme);
      return { status: 201, body: detailOf(appOf(asked), bookOf(asked).requestAcme(hostname)) };
    },
  },
  {
    method: "POST",
    path: `${path}/custom`,
    action: "take the certificate",
    answer: (asked) => {
      const { hostname, fullchain } = bodyOf(asked, custom);
      if (!fullchain.includes("BEGIN CERTIFICATE"))
        throw refusePlainly(422, "fullchain is not a certificate");
      return { status: 201, body: detailOf(appOf(asked), bookOf(asked).upload(hostname, fullchain)) };
    },
  },
  {
    method: "GET",
    path: onePath,
    action: "look certificate",
    answer: (asked) => ({ body: detailOf(appOf(asked), recordOf(asked)) }),
  },
  {
    method: "DELETE",
    path: onePath,
    action: "delete certificate",
    answer: (asked) => {
      bookOf(asked).remove(paramOf(asked, "hostname"), "all");
      return { status: 204 };
    },
  },
  {
    method: "DELETE",
    path: `${onePath}/acme`,
    action: "delete certificate",
    answer: (asked) => ({
      body: detailOf(appOf(asked), bookOf(asked).remove(paramOf(asked, "hostname"), "acme")),
    }),
  },
  {
    method: "DELETE",
    path: `${onePath}/custom`,
    action: "delete certificate",
    answer: (asked) => {
      const body = detailOf(appOf(asked), bookOf(asked).remove(paramOf(asked, "hostname"), "custom"));
      return { body: { ...body, warning: "" } };
    },
  },
  {
    method: "POST",
    path: `${onePath}/check`,
    action: "check the certificate",
    answer: (asked) => {
      const dns_records = { a: [], aaaa: [], cname: [], resolved_addresses: [], soa: "", ownership_txt: "" };
      return { body: { ...detailOf(appOf(asked), recordOf(asked)), dns_records } };
    },
  },
];

function appOf(asked: Asked) {
  return asked.world.app(paramOf(asked, "app"));
}

function bookOf(asked: Asked) {
  return appOf(asked).certificates;
}

function recordOf(asked: Asked) {
  return bookOf(asked).get(paramOf(asked, "hostname"));
}

const usualPage = 25;

function list(asked: Asked): Answer {
  const { query } = asked;
  const filter = query.get("filter") ?? "";
  const all = bookOf(asked).all.filter(({ hostname }) => hostname.includes(filter));
  const from = query.get("cursor");
  const rest = from ? all.filter(({ hostname }) => hostname > from) : all;
  const page = rest.slice(0, Number(query.get("limit") ?? usualPage));
  const next = rest.length > page.length ? (page.at(-1)?.hostname ?? "") : "";
  return { body: { certificates: page.map(summaryOf), next_cursor: next, total_count: all.length } };
}
