import type { Db } from "mongodb";
import { z } from "zod";
import { formatDuration, formatSize } from "../../infra/support";
import { html, type Markup } from "./html";
import { page } from "./layout";

/** A release as the journal keeps it, as much of it as the table shows. */
const release = z.object({
  _id: z.number(),
  state: z.string(),
  image: z.object({ name: z.string(), version: z.string(), digest: z.string() }),
  schema: z.object({ before: z.string().nullable(), after: z.string().nullable() }),
  archive: z.object({ id: z.string(), bytes: z.number() }).nullable(),
  startedAt: z.date(),
  finishedAt: z.date().nullish(),
  by: z.string(),
  why: z.array(z.string()).default([]),
  reason: z.string().nullish(),
  error: z.string().nullish(),
});

/** The journal of releases, the newest first. */
export async function deploymentsPage(operations: Db, version: string): Promise<Response> {
  const releases = await operations
    .collection<{ _id: number }>("releases")
    .find({})
    .sort({ _id: -1 })
    .limit(50)
    .toArray();
  const columns = ["Release", "State", "Image", "Schema", "Archive", "Started", "Took", "By", "Why"];
  return page(
    "Releases",
    version,
    html`<section>
      <h2 id="releases">Releases</h2>
      ${
        releases.length === 0
          ? html`<p class="note">The journal is empty: nothing was released into this database yet.</p>`
          : html`<div class="scroll" tabindex="0" role="region" aria-labelledby="releases">
              <table>
                <thead>
                  <tr>
                    ${columns.map((name) => html`<th scope="col">${name}</th>`)}
                  </tr>
                </thead>
                <tbody>
                  ${releases.map(row)}
                </tbody>
              </table>
            </div>`
      }
    </section>`,
  );
}

function row(document: { _id: number }): Markup {
  const parsed = release.safeParse(document);
  if (!parsed.success) {
    return html`<tr>
      <th scope="row">${String(document._id)}</th>
      <td colspan="8">recorded by another edition</td>
    </tr>`;
  }
  const { _id, state, image, schema, archive, startedAt, finishedAt, by, why, reason, error } = parsed.data;
  return html`<tr>
    <th scope="row">${_id}</th>
    <td><span class="state ${state}">${state}</span></td>
    <td>
      ${image.name} ${image.version}<br /><code>${image.digest.replace(/^sha256:/, "").slice(0, 12)}</code>
    </td>
    <td>${schema.before ?? "none"} → ${schema.after ?? "none"}</td>
    <td>${archive ? html`${archive.id}<br />${formatSize(archive.bytes)}` : "none"}</td>
    <td>
      <time datetime="${startedAt.toISOString()}"
        >${startedAt.toISOString().slice(0, 16).replace("T", " ")}</time
      >
    </td>
    <td>${finishedAt ? formatDuration(finishedAt.getTime() - startedAt.getTime()) : "running"}</td>
    <td>${by}</td>
    <td>${error ?? reason ?? why.join(", ")}</td>
  </tr>`;
}
