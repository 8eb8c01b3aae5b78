import type { Stage } from './stage.ts';

/** One method of ccxt, or one form of it. */
export interface Line {
  readonly name: string;
  /** Why it cannot work, whatever the venue does. Then `run` shows that this is still so. */
  readonly impossible?: string;
  /** @throws what is wrong. */
  run(stage: Stage): Promise<void>;
}

/** A method or form that has to work. */
export function line(name: string, run: Line['run']): Line {
  return { name, run };
}

/** A method or form that cannot work with this venue, or that ccxt breaks by itself. */
export function impossible(name: string, reason: string, run: Line['run']): Line {
  return { name, impossible: reason, run };
}
