import { expect, test } from 'vitest';
import {
  type CandlesConnector,
  createVenueRegistry,
  isVenueError,
  type MarketDataConnector,
  type SpotConnector,
  type VenueInfo,
  type VenuePlugin,
} from './index.ts';

const info: VenueInfo = {
  name: 'Gold Exchange',
  custody: 'CEX',
  matching: 'CLOB',
  state: 'open',
  components: { spot: 'ready' },
  links: {},
  notes: [],
};

/** A connector that only says what it was made with. */
function made<C>(what: object): C {
  return { contractVersion: 1, venue: 'gold', ...what } as C;
}

const gold = {
  id: 'gold',
  aliases: ['au', 'gold_exchange'],
  info,
  spot: (options: { readonly restUrl: string }) => made<MarketDataConnector>({ spot: options }),
  candles: (options: { readonly pageSize: number }) => made<CandlesConnector>({ candles: options }),
} as const satisfies VenuePlugin;
const paper = {
  id: 'paper-trade',
  aliases: [],
  info: { ...info, custody: 'simulated' },
  wrap: {
    suffix: '_paper_trade',
    spot: (makeInner: (options: unknown) => MarketDataConnector, options: PaperOptions) =>
      made<SpotConnector>({ paper: options.balances, inner: makeInner(options.connector) }),
  },
} as const satisfies VenuePlugin;

interface PaperOptions {
  readonly balances: Readonly<Record<string, string>>;
  readonly connector?: unknown;
}

function codeOf(act: () => unknown): readonly [string, string] {
  try {
    act();
  } catch (error) {
    if (isVenueError(error)) return [error.code, error.message];
    throw error;
  }
  throw new Error('expected an error, got none');
}

test('a venue is found by its id and by every alias', () => {
  const registry = createVenueRegistry([gold]);
  for (const name of ['gold', 'au', 'gold_exchange'] as const) {
    expect(registry.spot(name, { restUrl: 'u' })).toMatchObject({ spot: { restUrl: 'u' } });
    expect(registry.candles(name, { pageSize: 5 })).toMatchObject({ candles: { pageSize: 5 } });
  }
});

test('a wrap makes something of every venue, under its id and its aliases, wherever it stands in the list', () => {
  const options = { balances: { COIN: '1' }, connector: { restUrl: 'u' } };
  for (const name of ['gold_paper_trade', 'au_paper_trade', 'gold_exchange_paper_trade'] as const) {
    for (const connector of [
      createVenueRegistry([gold, paper]).spot(name, options),
      createVenueRegistry([paper, gold]).spot(name, options),
    ]) {
      expect(connector).toMatchObject({ paper: { COIN: '1' }, inner: { spot: { restUrl: 'u' } } });
    }
  }
});

test('the list of venues says what can be made under each name', () => {
  const { venues } = createVenueRegistry([gold, paper]);
  expect(venues.map(({ id, aliases, facets, wrappedBy }) => ({ id, aliases, facets, wrappedBy }))).toEqual([
    { id: 'gold', aliases: ['au', 'gold_exchange'], facets: ['spot', 'candles'], wrappedBy: undefined },
    {
      id: 'gold_paper_trade',
      aliases: ['au_paper_trade', 'gold_exchange_paper_trade'],
      facets: ['spot'],
      wrappedBy: 'paper-trade',
    },
  ]);
});

test('a venue with candles only has no spot connector, not even a wrapped one', () => {
  const bars = { id: 'bars', aliases: [], info, candles: gold.candles } as const satisfies VenuePlugin;
  const registry = createVenueRegistry([bars, paper]);
  expect(registry.venues.map(({ id }) => id)).toEqual(['bars']);
  const name: string = 'bars';
  expect(codeOf(() => registry.spot(name, {}))[0]).toBe('unsupported');
});

test('an unknown name is refused with the names that there are', () => {
  const name: string = 'silver';
  const [code, message] = codeOf(() => createVenueRegistry([gold]).spot(name, {}));
  expect(code).toBe('invalid-options');
  expect(message).toContain('"gold"');
  expect(message).toContain('"silver"');
  for (const odd of ['__proto__', 'constructor', 'toString', '']) {
    expect(codeOf(() => createVenueRegistry([gold]).spot(odd as string, {}))[0]).toBe('invalid-options');
  }
});

test.each([
  ['the same id twice', [gold, { ...gold, aliases: [] }]],
  ['an alias that is an id', [gold, { ...gold, id: 'silver', aliases: ['gold'] }]],
  ['an alias twice', [{ ...gold, aliases: ['au', 'au'] }]],
  ['two wraps with one suffix', [gold, paper, { ...paper, id: 'other' }]],
  ['a name with a blank', [{ ...gold, id: 'gold exchange' }]],
  ['a name in capitals', [{ ...gold, id: 'Gold' }]],
  ['an empty name', [{ ...gold, id: '' }]],
] as const)('%s is refused', (_what, plugins) => {
  expect(codeOf(() => createVenueRegistry(plugins as readonly VenuePlugin[]))[0]).toBe('invalid-options');
});

test('a connector of another contract version is refused', () => {
  const old = { ...gold, spot: () => made<MarketDataConnector>({ contractVersion: 2 }) };
  const [code, message] = codeOf(() => createVenueRegistry([old]).spot('gold' as string, {}));
  expect(code).toBe('contract-mismatch');
  expect(message).toContain('expected contract version 1, got 2');
});

test('the connector inside of a wrap is of this version too', () => {
  const old = { ...gold, spot: () => made<MarketDataConnector>({ contractVersion: 2 }) };
  const options = { balances: {} };
  expect(codeOf(() => createVenueRegistry([old, paper]).spot('gold_paper_trade' as string, options))[0]).toBe(
    'contract-mismatch',
  );
});
