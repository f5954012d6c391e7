/** What a test lets the world be like, until it says otherwise. */
export class Conditions {
  /** Lists of machines show what was true so many milliseconds ago. */
  lagMs = 0;
  /** Machines that a region still has room for; one that is not named has room for any number. */
  readonly room = new Map<string, number>();
  /** Regions in which no volume finds room. */
  readonly noVolumeRoom = new Set<string>();
  /** New machines and updates are refused there for a while: `deploys to this host are temporarily disabled`. */
  hostsClosed = false;
  /** A version of the secrets is visible to machines only so long after it was written. */
  secretsLagMs = 0;
}
