/** What is wrong with an archive, as it reads after "it is damaged:". */
export class ArchiveDamage extends Error {}
