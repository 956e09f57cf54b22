/** How long a thread may be kept before timers and signals are let through. */
const BREATH_MS = 50;
/** Weight of a new step in the mean time of one. */
const NEW = 0.1;

/** The time of a step, as a moving mean, and when to let others run. */
export class Pace {
  milliseconds = 0;
  #last = performance.now();

  add(milliseconds: number): void {
    this.milliseconds =
      this.milliseconds === 0 ? milliseconds : this.milliseconds + NEW * (milliseconds - this.milliseconds);
  }

  async breathe(): Promise<void> {
    if (performance.now() - this.#last < BREATH_MS) return;
    await new Promise<void>((resume) => setTimeout(resume, 0));
    this.#last = performance.now();
  }
}
