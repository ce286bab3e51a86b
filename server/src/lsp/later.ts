/** Work that can wait a little, so that a burst of reasons for it does it once. */
export class Later {
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #failed: (error: unknown) => void;

  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  run(name: string, milliseconds: number, work: () => Promise<void>): void {
    clearTimeout(this.#timers.get(name));
    this.#timers.set(name, setTimeout(() => {
      this.#timers.delete(name);
      work().catch(this.#failed);
    }, milliseconds));
  }

  stop(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}
