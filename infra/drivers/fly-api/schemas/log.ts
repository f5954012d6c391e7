import { z } from "zod";

/** Lines of the machines of an app, oldest first; the token asks for those that come after them. */
export const logPageSchema = z.looseObject({
  data: z
    .array(z.looseObject({ attributes: z.looseObject({ message: z.string() }) }))
    .nullish()
    .transform((lines) => (lines ?? []).map(({ attributes }) => attributes.message)),
  meta: z.looseObject({ next_token: z.string().nullish() }).nullish(),
});
