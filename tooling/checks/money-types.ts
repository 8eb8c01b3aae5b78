import { aliasesIn, closing, type Declared, declaredIn, ownersIn, symbolOf } from './declarations.ts';
import type { Problem } from './repository.ts';
import { lineOf } from './source-text.ts';

/** Words that say that a value is money, or is counted in an asset. */
const moneyWords = new Set(
  (
    'price amount quantity qty notional fee balance cost volume total available held fund fill filled ' +
    'bid ask spread profit loss'
  ).split(' '),
);
/** A size is money where one of these comes before it. */
const sizedWords = new Set(['order', 'lot', 'tick', 'trade', 'bid', 'ask', 'position']);
/**
 * A name that ends so counts something, or names a time or a place: `feeCount`, `priceDecimals`, `bookDepth`. What is counted in whole
 * ticks, lots or units of its scale is exact, and says so: `priceTicks`, `filledLots`, `bestBidPriceUnits`.
 */
const countWords = new Set(
  (
    'count ms second byte depth levels place decimal digit scale precision exponent index length id at ' +
    'tick lot unit percent code request'
  ).split(' '),
);

/** Names that sound like money and are none, as `package owner.name`, each with its reason. */
const exceptions: ReadonlyMap<string, string> = new Map([
  ['@venuekit/exchange-simulator SimulatorStats.total', 'counts connections'],
  ['@venuekit/exchange-simulator Counters.total', 'counts connections'],
]);

/** Names of types that are a `number` under another name. */
type NumberAliases = ReadonlySet<string>;

/**
 * Money that is a `number` in the public types of packages: properties, parameters, results, variables and aliases whose name
 * says money. A float has lost digits before anybody can check them. The declarations are read as text, because the compiler of
 * version 7 has no interface for programs: a name inside a key of `Record` or a label of a tuple is not seen, nor a number inside an
 * object type under another name, which is looked at where it is declared.
 * @param declarations texts of the published `.d.ts` files, by `@scope/package/path`.
 */
export function* moneyProblems(declarations: ReadonlyMap<string, string>): Generator<Problem> {
  const files = [...declarations].map(([file, text]) => ({ file, text, declared: declaredIn(text) }));
  const aliases = numberAliases(files.flatMap(({ text }) => aliasesIn(text)));
  for (const { file, text, declared } of files) {
    const owners = ownersIn(text);
    for (const { name, type, position } of declared) {
      if (!isMoneyName(name) || !holdsNumber(ownType(type), aliases)) continue;
      const symbol = symbolOf(owners, name, position);
      if (exceptions.has(`${packageOf(file)} ${symbol}`)) continue;
      yield {
        file: `${file}:${lineOf(text, position)} ${symbol}`,
        expected: 'Decimal, text, or scaled integers in a typed array',
        got: `${name}: ${type.replace(/\s+/g, ' ').trim().slice(0, 100)}`,
      };
    }
  }
}

/** True if `name` says that the value is money: `feeAmount`, `total`, `orderSize`; not `fillCount` or `priceChangedAtMs`. */
export function isMoneyName(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
  if (isCountWord(words.at(-1) ?? '')) return false;
  const singular = words.map((word) => word.replace(/(?<!s)s$/, ''));
  return singular.some(
    (word, at) => moneyWords.has(word) || (word === 'size' && sizedWords.has(singular[at - 1] ?? '')),
  );
}

function numberAliases(declared: readonly Declared[]): NumberAliases {
  const aliases = new Set<string>();
  for (let before = -1; before < aliases.size; ) {
    before = aliases.size;
    for (const { name, type } of declared) {
      if (!type.includes('{') && holdsNumber(ownType(type), aliases)) aliases.add(name);
    }
  }
  return aliases;
}

function holdsNumber(type: string, aliases: NumberAliases): boolean {
  if (/\bnumber\b/.test(type) || /(?:^|[|&([<,:])\s*-?\d/.test(type)) return true;
  return [...type.matchAll(/(?<![\w$.])[A-Za-z_$][\w$]*/g)].some(([name]) => aliases.has(name));
}

/** The type without what is judged by a name of its own: parameters, and members that are counts or money themselves. */
function ownType(type: string): string {
  let own = type;
  for (let at = own.indexOf('('); at >= 0; at = own.indexOf('(', at + 1)) {
    const end = closing(own, at);
    if (/^\s*(?:=>|:)/.test(own.slice(end)))
      own = `${own.slice(0, at)}${' '.repeat(end - at)}${own.slice(end)}`;
  }
  if (!own.includes('{')) return own;
  return own.replace(/([A-Za-z_$][\w$]*)\s*\??\s*:([^;{}]*)/g, (member, name: string) =>
    isMoneyName(name) || isCountName(name) ? '' : member,
  );
}

function isCountName(name: string): boolean {
  return isCountWord(/[A-Z]?[a-z0-9]*$/.exec(name)?.[0].toLowerCase() ?? '');
}

function isCountWord(word: string): boolean {
  return countWords.has(word) || countWords.has(word.replace(/s$/, ''));
}

function packageOf(file: string): string {
  return file.split('/').slice(0, 2).join('/');
}
