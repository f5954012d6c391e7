/** What is wrong with an archive, as it reads after "it is damaged:". */
export class ArchiveDamage extends Error {}

/** An archive of a format that came after this checkout. */
export class NewerFormat extends Error {
  constructor(readonly version: string) {
    super(`it is of the newer format ${version}`);
  }
}
