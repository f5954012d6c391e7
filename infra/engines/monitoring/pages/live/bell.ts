/** Wakes one who rests; a ring while nobody rests is not lost, and many are one. */
export class Bell {
  #rung = false;
  #wake: (() => void) | undefined;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Ends when it rings, when the time is over or when the signal fires. */
  async rest(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.#rung && !signal.aborted) {
      await new Promise<void>((wake) => {
        const timer = setTimeout(wake, ms);
        this.#wake = () => {
          clearTimeout(timer);
          wake();
        };
        signal.addEventListener("abort", this.#wake, { once: true });
      });
      if (this.#wake) signal.removeEventListener("abort", this.#wake);
      this.#wake = undefined;
    }
    this.#rung = false;
  }
}
