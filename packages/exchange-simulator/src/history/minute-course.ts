import type { Bar } from './bar.ts';
import { minuteMs } from './bar-interval.ts';

/**
 * Prices at which a minute turns: open, both extremes, close. A minute that rises falls first, and one that falls rises first, which is
 * the shortest way.
 */
function turnsOf({ openTicks, highTicks, lowTicks, closeTicks }: Bar): readonly number[] {
  return closeTicks >= openTicks
    ? [openTicks, lowTicks, highTicks, closeTicks]
    : [openTicks, highTicks, lowTicks, closeTicks];
}

/**
 * The first part of a minute, if its price goes from open to one extreme, the other one and the close at a steady speed.
 * @param elapsedMs up to when; from 0 to 60,000.
 * @returns its last price is that of the moment, rounded to a tick; its volume is in proportion, rounded up, so that nothing moves
 * without any.
 */
export function startOfMinute(minute: Bar, elapsedMs: number): Bar {
  const turns = turnsOf(minute);
  const wayTicks = turns.reduce((way, turn, at) => way + Math.abs(turn - (turns[at - 1] ?? turn)), 0);
  let leftTicks = (wayTicks * elapsedMs) / minuteMs;
  let [priceTicks, highTicks, lowTicks] = [minute.openTicks, minute.openTicks, minute.openTicks];
  for (const turn of turns) {
    const legTicks = Math.abs(turn - priceTicks);
    const doneTicks = Math.min(legTicks, leftTicks);
    priceTicks += Math.sign(turn - priceTicks) * Math.round(doneTicks);
    highTicks = Math.max(highTicks, priceTicks);
    lowTicks = Math.min(lowTicks, priceTicks);
    leftTicks -= doneTicks;
    if (doneTicks < legTicks) break;
  }
  return {
    startMs: minute.startMs,
    openTicks: minute.openTicks,
    highTicks,
    lowTicks,
    closeTicks: priceTicks,
    volumeLots: Math.ceil((minute.volumeLots * elapsedMs) / minuteMs),
  };
}
