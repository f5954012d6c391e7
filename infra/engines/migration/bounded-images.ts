import { ofVersion } from "./image-id";
import { imagesIn } from "./pre-images";
import { keptPreImages, markBeyond } from "./journal";
import { inTransaction } from "./transaction";
import type { Workplace } from "./workplace";

const mostVersions = 5;

/** Makes room for the images of one more migration: of older ones than the newest five only the archive leads back. */
export async function makeRoomForImages({ db, lease, signal }: Workplace, version: string): Promise<void> {
  const others = (await keptPreImages(db)).filter((one) => one !== version);
  const going = others.sort().slice(0, Math.max(0, others.length + 1 - mostVersions));
  if (going.length === 0) return;
  const stop = signal ? AbortSignal.any([signal, lease.signal]) : lease.signal;
  await inTransaction(lease.session, stop, async () => {
    await lease.fence();
    await markBeyond(db, going, lease.session);
    for (const one of going)
      await imagesIn(db).deleteMany({ _id: ofVersion(one) }, { session: lease.session });
  });
}
