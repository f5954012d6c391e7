import { MemoryStore } from "../../../../infra/drivers/store";

/** A store in which the write or the deletion that a test names never comes to be, nor anything after it. */
export class DyingStore extends MemoryStore {
  /** The name of an object, or how many deletions go well. */
  dyingAt: string | number | undefined;
  #deletions = 0;
  #dead = false;

  revive(): void {
    this.dyingAt = undefined;
    this.#dead = false;
  }

  override async put(name: string, text: string): Promise<void> {
    this.#live(name === this.dyingAt);
    await super.put(name, text);
  }

  override async create(name: string) {
    const pending = await super.create(name);
    const commit = async () => {
      this.#live(name === this.dyingAt);
      await pending.commit();
    };
    return { ...pending, commit };
  }

  override async delete(name: string): Promise<void> {
    this.#live(this.#deletions === this.dyingAt);
    this.#deletions++;
    await super.delete(name);
  }

  #live(isLast: boolean): void {
    this.#dead ||= isLast;
    if (this.#dead) throw new Error("killed");
  }
}
