import type { CandlesConnector, MarketDataConnector } from './connector.ts';
import type { VenuePlugin } from './venue-plugin.ts';

/** The id of a plugin, or one of its aliases. */
type NameOf<Plugin extends VenuePlugin> = Plugin['id'] | Plugin['aliases'][number];

/** Plugins that make spot connectors. */
type WithSpot<Plugins extends readonly VenuePlugin[]> = Extract<
  Plugins[number],
  { readonly spot: (options: never) => unknown }
>;
/** Plugins that make candles connectors. */
type WithCandles<Plugins extends readonly VenuePlugin[]> = Extract<
  Plugins[number],
  { readonly candles: (options: never) => unknown }
>;
/** Plugins that make something of others. */
type Wraps<Plugins extends readonly VenuePlugin[]> = Extract<Plugins[number], { readonly wrap: object }>;

type SuffixOf<Wrap> = Wrap extends { readonly wrap: { readonly suffix: infer Suffix extends string } }
  ? Suffix
  : never;

/** Every name under which a spot connector can be made. */
export type SpotName<Plugins extends readonly VenuePlugin[]> =
  | NameOf<WithSpot<Plugins>>
  | `${NameOf<WithSpot<Plugins>>}${SuffixOf<Wraps<Plugins>>}`;

/** Every name under which a candles connector can be made. */
export type CandlesName<Plugins extends readonly VenuePlugin[]> = NameOf<WithCandles<Plugins>>;

/** The options of the venue inside, which may be left out where it needs none. */
type InnerOptions<Inner> = undefined extends Inner
  ? { readonly connector?: Inner }
  : { readonly connector: Inner };

/** The plugin, of those that may be meant, that has a name. */
type Named<Plugin, Name extends string> = Plugin extends VenuePlugin
  ? Name extends NameOf<Plugin>
    ? Plugin
    : never
  : never;

type SpotFactoryOf<Plugin> = Plugin extends { readonly spot: infer Factory } ? Factory : never;
type CandlesFactoryOf<Plugin> = Plugin extends { readonly candles: infer Factory } ? Factory : never;
type WrapSpotOf<Wrap> = Wrap extends { readonly wrap: { readonly spot: infer Factory } } ? Factory : never;

type FirstArgument<Factory> = Factory extends (...all: infer All) => unknown ? All[0] : never;
type SecondArgument<Factory> = Factory extends (inner: never, options: infer Options) => unknown
  ? Options
  : never;
type Result<Factory> = Factory extends (...all: never) => infer Made ? Made : never;

/** What is found under a name that has the suffix of a wrap: that wrap, and the options of the venue inside. */
type Wrapped<Plugins extends readonly VenuePlugin[], Wrap, Name extends string> = Wrap extends VenuePlugin
  ? Name extends `${infer Inner}${SuffixOf<Wrap>}`
    ? {
        readonly factory: WrapSpotOf<Wrap>;
        readonly inner: FirstArgument<SpotFactoryOf<Named<WithSpot<Plugins>, Inner>>>;
      }
    : never
  : never;

/** A name that is known at run time only. Plugins whose own names are not literal types are found in the same way. */
export type AnyName = string & {};

/** The options of a call, which may be left out where the factory needs none. */
export type OptionsArgument<Options> = undefined extends Options ? [options?: Options] : [options: Options];

/** What the spot connector of a name is made with: `unknown` for a name that is known at run time only. */
export type SpotOptionsOf<Plugins extends readonly VenuePlugin[], Name extends string> = string extends
  | Name
  | NameOf<WithSpot<Plugins>>
  ? unknown
  : Name extends NameOf<WithSpot<Plugins>>
    ? FirstArgument<SpotFactoryOf<Named<WithSpot<Plugins>, Name>>>
    : Wrapped<Plugins, Wraps<Plugins>, Name> extends { factory: infer Factory; inner: infer Inner }
      ? SecondArgument<Factory> & InnerOptions<Inner>
      : never;

/** What is made under a name. */
export type SpotConnectorOf<Plugins extends readonly VenuePlugin[], Name extends string> = string extends
  | Name
  | NameOf<WithSpot<Plugins>>
  ? MarketDataConnector
  : Name extends NameOf<WithSpot<Plugins>>
    ? Result<SpotFactoryOf<Named<WithSpot<Plugins>, Name>>>
    : Result<Wrapped<Plugins, Wraps<Plugins>, Name>['factory']>;

/** What the candles connector of a name is made with: `unknown` for a name that is known at run time only. */
export type CandlesOptionsOf<Plugins extends readonly VenuePlugin[], Name extends string> = string extends
  | Name
  | NameOf<WithCandles<Plugins>>
  ? unknown
  : FirstArgument<CandlesFactoryOf<Named<WithCandles<Plugins>, Name>>>;

/** What is made under a name. */
export type CandlesConnectorOf<Plugins extends readonly VenuePlugin[], Name extends string> = string extends
  | Name
  | NameOf<WithCandles<Plugins>>
  ? CandlesConnector
  : Result<CandlesFactoryOf<Named<WithCandles<Plugins>, Name>>>;
