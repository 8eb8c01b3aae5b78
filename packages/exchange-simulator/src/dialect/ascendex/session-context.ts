import type { AscendexContext } from './ascendex-context.ts';
import type { LimitKeeper } from './limit-keeper.ts';

/** What a session serves from. */
export interface SessionContext extends AscendexContext {
  readonly limits: LimitKeeper;
}
