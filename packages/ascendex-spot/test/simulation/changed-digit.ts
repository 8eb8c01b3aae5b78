import type { Simulation } from '@venuekit/connector-testkit/simulation';
import { authority } from './client-life.ts';

/** When the digit changes, in virtual milliseconds: everything is open by then. */
const atMs = 10_000;

/** The same simulation, but in the first change of a book after a while one digit of one amount arrives as another one. */
export function withOneDigitChanged(simulation: Simulation): Simulation {
  return {
    ...simulation,
    begin: async (stage) => {
      const run = await simulation.begin(stage);
      const link = stage.world.network.link('alpha', authority);
      let changed = false;
      const change = (text: string): string => {
        if (changed || !text.startsWith('{"m":"depth",')) return again(text);
        changed = true;
        return text.replace(/(\d)"\]/, (_match, digit) => `${(Number(digit) % 9) + 1}"]`);
      };
      const again = (text: string): string => {
        if (!changed) link.edit('to-client', change);
        return text;
      };
      stage.world.timers.setTimer(atMs, () => link.edit('to-client', change), 'a digit');
      return run;
    },
  };
}
