import { Engine } from './engine.ts';
import { createParts } from './engine-parts.ts';
import type { MatchingEngine, MatchingEngineOptions } from './matching-engine.ts';

/**
 * Makes an engine with empty books.
 * @throws VenueError `invalid-options` naming the instrument and the field.
 */
export function createMatchingEngine(options: MatchingEngineOptions): MatchingEngine {
  return new Engine(createParts(options));
}
