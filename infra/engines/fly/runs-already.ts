import type { Fleet } from "./fleet";
import { imageOf, isWarm } from "./fleet";
import { marksOf } from "./marks";

/** Whether all machines of an app are of an image and well, with no deployment left that has not ended. */
export function runsAlready({ own, passing }: Fleet, image: string): boolean {
  const serves = own.filter(isWarm);
  return (
    passing.length === 0 &&
    serves.length > 0 &&
    own.every((one) => imageOf(one) === image && marksOf(one).before === undefined && !one.cordoned) &&
    serves.every(
      ({ state, checks }) =>
        state === "started" && (checks ?? []).every(({ status }) => status === "passing"),
    )
  );
}
