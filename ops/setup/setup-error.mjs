/** A failure before anything is installed that its reader can mend. */
export class SetupError extends Error {
  constructor(message, remedy, exitCode = 1) {
    super(`${message}\n  ${remedy}`);
    this.exitCode = exitCode;
  }
}
