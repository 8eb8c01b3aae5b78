import {
  type CandlesConnector,
  type Connector,
  contractVersion,
  type MarketDataConnector,
} from './connector.ts';
import { VenueError, type VenueErrorInit } from './venue-error.ts';
import type {
  AnyName,
  CandlesConnectorOf,
  CandlesName,
  CandlesOptionsOf,
  OptionsArgument,
  SpotConnectorOf,
  SpotName,
  SpotOptionsOf,
} from './venue-names.ts';
import type { VenueInfo, VenuePlugin, VenueWrap } from './venue-plugin.ts';

/** A name that a registry knows, with what it stands for. */
export interface VenueEntry {
  /** The id of a plugin, perhaps with the suffix of a wrap. */
  readonly id: string;
  readonly aliases: readonly string[];
  readonly info: VenueInfo;
  /** What can be made under this name. */
  readonly facets: readonly ('spot' | 'candles')[];
  /** The id of the plugin that wraps the venue; `undefined` for the venue itself. */
  readonly wrappedBy: string | undefined;
}

/** Finds connectors by the name of their venue. */
export interface VenueRegistry<Plugins extends readonly VenuePlugin[] = readonly VenuePlugin[]> {
  /** Every name in the order of the plugins, each followed by what wraps make of it. */
  readonly venues: readonly VenueEntry[];
  /**
   * Makes a spot connector. A name with a wrap's suffix takes the options of the wrap, and in `connector` those of the venue.
   * Options are checked by type for a name in the program's text, and by the venue in any case.
   * @throws VenueError `invalid-options` for an unknown name, naming those that are known; `unsupported` if the venue has no
   * spot connector; `contract-mismatch` if it was made for another version of this contract; what the venue's factory throws.
   */
  spot<Name extends SpotName<Plugins> | AnyName>(
    name: Name,
    ...options: OptionsArgument<SpotOptionsOf<Plugins, Name>>
  ): SpotConnectorOf<Plugins, Name>;
  /**
   * Makes a connector with candles.
   * @throws as `spot`.
   */
  candles<Name extends CandlesName<Plugins> | AnyName>(
    name: Name,
    ...options: OptionsArgument<CandlesOptionsOf<Plugins, Name>>
  ): CandlesConnectorOf<Plugins, Name>;
}

/** What is found under a name. */
interface Found {
  readonly plugin: VenuePlugin;
  readonly wrap: VenueWrap | undefined;
}

/**
 * Makes a registry. Plugins come from anywhere: a venue is added without touching this package.
 * @throws VenueError `invalid-options` if a name is given twice or cannot be a name.
 */
export function createVenueRegistry<const Plugins extends readonly VenuePlugin[]>(
  plugins: Plugins,
): VenueRegistry<Plugins> {
  const names = new Map<string, Found>();
  const venues: VenueEntry[] = [];
  for (const plugin of plugins) {
    if (plugin.spot === undefined && plugin.candles === undefined) continue;
    enter(names, venues, plugin, undefined);
    if (plugin.spot === undefined) continue;
    for (const wrapping of plugins) if (wrapping.wrap !== undefined) enter(names, venues, plugin, wrapping);
  }
  const registry = {
    venues,
    spot: (name: string, options: unknown) => checkedVersion('spot', name, makeSpot(names, name, options)),
    candles: (name: string, options: unknown) =>
      checkedVersion('candles', name, makeCandles(names, name, options)),
  };
  // What a name stands for is known to the types above, and found in the map below.
  return registry as unknown as VenueRegistry<Plugins>;
}

function enter(
  names: Map<string, Found>,
  venues: VenueEntry[],
  plugin: VenuePlugin,
  wrapping: VenuePlugin | undefined,
): void {
  const suffix = wrapping?.wrap?.suffix ?? '';
  const own = [plugin.id, ...plugin.aliases].map((name) => name + suffix);
  for (const name of own) {
    if (!/^[a-z0-9]+(?:[_-][a-z0-9]+)*$/.test(name)) {
      throw refusal(
        'createVenueRegistry',
        `expected a name in lower case letters, digits, - and _, got ${quote(name)}`,
      );
    }
    if (names.has(name)) {
      throw refusal('createVenueRegistry', `expected each name once, got ${quote(name)} twice`);
    }
    names.set(name, { plugin, wrap: wrapping?.wrap });
  }
  const [id = '', ...aliases] = own;
  const facets = (['spot', 'candles'] as const).filter((facet) => plugin[facet] !== undefined);
  venues.push({
    ...{ id, aliases, info: plugin.info },
    facets: wrapping === undefined ? facets : ['spot'],
    wrappedBy: wrapping?.id,
  });
}

function makeSpot(names: ReadonlyMap<string, Found>, name: string, options: unknown): MarketDataConnector {
  const { plugin, wrap } = find(names, 'spot', name);
  const make = plugin.spot as ((options: unknown) => MarketDataConnector) | undefined;
  if (make === undefined) throw missing('spot', name);
  if (wrap === undefined) return make(options);
  const wrapSpot = wrap.spot as VenueWrap<unknown>['spot'];
  return wrapSpot((inner) => checkedVersion('spot', name, make(inner)), options);
}

function makeCandles(names: ReadonlyMap<string, Found>, name: string, options: unknown): CandlesConnector {
  const { plugin, wrap } = find(names, 'candles', name);
  const make = plugin.candles as ((options: unknown) => CandlesConnector) | undefined;
  if (make === undefined || wrap !== undefined) throw missing('candles', name);
  return make(options);
}

function find(names: ReadonlyMap<string, Found>, operation: string, name: string): Found {
  const found = names.get(name);
  if (found !== undefined) return found;
  const known = [...names.keys()].map(quote).join(', ');
  throw refusal(operation, `expected one of ${known || 'no venues at all'}, got ${quote(name)}`);
}

function missing(facet: 'spot' | 'candles', name: string): VenueError {
  const code = 'unsupported';
  return new VenueError({
    code,
    operation: facet,
    message: `expected a venue with ${facet}, got ${quote(name)}`,
  });
}

function checkedVersion<Made extends Connector>(operation: string, name: string, connector: Made): Made {
  const got: unknown = connector.contractVersion;
  if (got === contractVersion) return connector;
  const message = `${name}: expected contract version ${contractVersion}, got ${String(got)}`;
  throw new VenueError({ code: 'contract-mismatch', operation, message });
}

function refusal(operation: string, message: string): VenueError {
  const init: VenueErrorInit = { code: 'invalid-options', operation, message };
  return new VenueError(init);
}

/** Names are the caller's text: bounded, and with nothing in them that could break a line. */
function quote(name: string): string {
  return JSON.stringify(String(name).slice(0, 80));
}
