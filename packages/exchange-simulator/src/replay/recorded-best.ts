import type { Level, TopEvent } from '../market/market.ts';
import { isRecord, parseExactJson } from '../recording/exact-json.ts';
import { isDecimalText } from '../recording/recorded-message.ts';

/** The best prices in a recorded `bbo` frame, which is JSON; a side that is missing or odd is absent. `undefined` without a time. */
export function readBest(symbol: string, text: string): Omit<TopEvent, 'kind'> | undefined {
  const fields = parseExactJson(text);
  const data = isRecord(fields) ? fields.data : undefined;
  if (!isRecord(data) || typeof data.ts !== 'number') return undefined;
  const ask = levelOf(data.ask);
  const bid = levelOf(data.bid);
  return {
    symbol,
    tsMs: data.ts,
    ...(ask === undefined ? {} : { ask }),
    ...(bid === undefined ? {} : { bid }),
  };
}

function levelOf(value: unknown): Level | undefined {
  if (!Array.isArray(value)) return undefined;
  const [price, size] = value as unknown[];
  return isDecimalText(price) && isDecimalText(size) ? [price, size] : undefined;
}
