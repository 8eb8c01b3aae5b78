import type { Pair } from '@venuekit/connector-core';
import type { FlagValues } from './flags.ts';
import { InputError } from './input-error.ts';

/** Speed of a replay: a multiple of the recorded pace, or as fast as possible. */
export type ReplaySpeed = number | 'max';

/** Where the market comes from. */
export type MarketSource =
  | { readonly kind: 'synthetic'; readonly seed: string }
  | {
      readonly kind: 'replay';
      readonly sessionFile: string;
      readonly productsFile: string | undefined;
      readonly speed: ReplaySpeed;
    }
  | { readonly kind: 'url'; readonly restUrl: string; readonly streamUrl: string };

/** What the user asked for. */
export interface DemoConfig {
  readonly source: MarketSource;
  /** `undefined`: all that have a ticker. */
  readonly pairs: readonly Pair[] | undefined;
  readonly seconds: number | undefined;
  readonly headless: boolean;
  readonly json: boolean;
  /** As typed; the simulator knows the kinds. */
  readonly faults: readonly string[];
  readonly port: number | undefined;
}

/** A day is more than anyone watches, and less than a timer can hold. */
const longestSeconds = 86_400;

/**
 * Turns flags into a configuration.
 * @throws InputError naming the flag, what was expected and what was got.
 */
export function toConfig(values: FlagValues): DemoConfig {
  const json = values.has('json');
  return {
    source: toSource(values),
    pairs: toPairs(one(values, 'pairs')),
    seconds: toSeconds(one(values, 'seconds')),
    headless: json || values.has('headless'),
    json,
    faults: values.get('fault') ?? [],
    port: toPort(one(values, 'port')),
  };
}

function one(values: FlagValues, name: string): string | undefined {
  return values.get(name)?.[0];
}

function toSource(values: FlagValues): MarketSource {
  const url = one(values, 'url');
  const sessionFile = one(values, 'replay');
  if (url !== undefined) {
    refuse(
      values,
      ['replay', 'products', 'speed', 'seed', 'fault', 'port'],
      '--url, which starts no simulator',
    );
    return toEndpoints(url);
  }
  if (sessionFile !== undefined) {
    refuse(values, ['seed'], '--replay, which has its own market');
    const speed = toSpeed(one(values, 'speed'));
    return { kind: 'replay', sessionFile, productsFile: one(values, 'products'), speed };
  }
  for (const name of ['products', 'speed']) {
    if (values.has(name)) throw new InputError(`--${name} expects --replay beside it, got none`);
  }
  return { kind: 'synthetic', seed: one(values, 'seed') ?? 'venuekit' };
}

function refuse(values: FlagValues, names: readonly string[], beside: string): void {
  const name = names.find((candidate) => values.has(candidate));
  if (name !== undefined) throw new InputError(`--${name} cannot stand beside ${beside}`);
}

function toEndpoints(text: string): MarketSource {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain = url !== undefined && url.pathname === '/' && url.search === '' && url.hash === '';
  if (!plain || !/^https?:$/.test(url.protocol)) {
    throw new InputError(`--url expects http://HOST:PORT, got ${JSON.stringify(text)}`);
  }
  const streamOrigin = `${url.protocol === 'https:' ? 'wss' : 'ws'}://${url.host}`;
  return { kind: 'url', restUrl: url.origin, streamUrl: `${streamOrigin}/api/pro/v1/stream` };
}

function toSpeed(text: string | undefined): ReplaySpeed {
  if (text === 'max') return text;
  return text === undefined ? 1 : toPositive('speed', 'a number above 0, or max', text, 1_000_000);
}

function toSeconds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  return toPositive('seconds', `a number above 0, at most ${longestSeconds}`, text, longestSeconds);
}

function toPositive(flag: string, expected: string, text: string, most: number): number {
  const value = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value > 0 && value <= most) return value;
  throw new InputError(`--${flag} expects ${expected}, got ${JSON.stringify(text)}`);
}

function toPort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new InputError(`--port expects a whole number from 0 to 65535, got ${JSON.stringify(text)}`);
}

function toPairs(text: string | undefined): readonly Pair[] | undefined {
  if (text === undefined) return undefined;
  const pairs = text.split(',').map((pair) => pair.trim());
  if (pairs.some((pair) => pair === '')) {
    throw new InputError(`--pairs expects pairs such as BTC-USDT,ETH-USDT, got ${JSON.stringify(text)}`);
  }
  return [...new Set(pairs)];
}
