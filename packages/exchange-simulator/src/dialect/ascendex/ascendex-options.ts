import { VenueError } from '@venuekit/connector-core';
import { isFields, quoted } from './client-message.ts';
import { type AscendexLimits, defaultLimits, limitProblem } from './limit-options.ts';

/** What the venue's documents leave open or say in two ways, and how it is settled here. */
export interface AscendexOptions {
  /** Only the documented signature is taken: the secret's text as the key, and the documented path. Else the forms of known clients too. */
  readonly strictAuth: boolean;
  /** How far the time of a signature may be from the venue's, either way. */
  readonly authTimeWindowMs: number;
  /** HTTP status of a refused signature. */
  readonly authErrorHttpStatus: 200 | 401 | 403;
  /** How far the time of an order may be from the venue's, either way. */
  readonly orderTimeWindowMs: number;
  /** The stream tells of an order before the request for it is answered, or after. */
  readonly updatesBeforeReply: boolean;
  /** The user in an order's id: whole, such as `U0420042042`, or its digits only, as before 2020. */
  readonly uidForm: 'lettered' | 'digits';
  /** An order whose id is used already is taken and `Rejected` with `DupNewCoid`, or refused at once with 300006. */
  readonly duplicateIds: 'rejected' | 'refused';
  /** What a request for several orders does with an id that is not there. */
  readonly unknownOrderInList: 'left-out' | 'refused';
  /** How a post-only order ends that would take. `by-mode`: canceled in New-Ack mode and rejected in Ready-Ack mode. */
  readonly postOnlyCrossing: 'by-mode' | 'canceled' | 'rejected';
  /** The word for post-only orders. */
  readonly postOnlyWord: 'Post' | 'POST';
  /** Code for a price off the grid. */
  readonly tickSizeCode: 300001 | 300014;
  /** How far a limit may be from the market, in percent; `undefined` if that does not matter. */
  readonly priceBandPercent: number | undefined;
  /** How far from the market a market order trades, in percent. */
  readonly marketSlippagePercent: number;
  /** The price of a market sell in replies and messages: none, or the worst that it takes. */
  readonly marketSellPrice: 'empty' | 'protective';
  /** Status of an order that waits for its stop price. */
  readonly waitingStopStatus: 'New' | 'PendingNew';
  /** What is done with a price, a stop price or a time in force that an order of that type does not have. */
  readonly surplusParameters: 'ignored' | 'refused';
  /** Which of an order's decimals may be JSON numbers: one known client sends its stop price so. */
  readonly numbersInOrders: 'stop-price' | 'none' | 'all';
  /** Code of REST for a price or a size that is a JSON number where it has to be text; the stream has 100004 in any case. */
  readonly numberCode: 100004 | 100001;
  /** Code for a cancel of an order that has ended or was never there; a malformed id is 300006 in any case. */
  readonly cancelOfEndedCode: 300019 | 300006;
  /** How long a cancel of the same order again is called a duplicate, rather than a cancel of an order that has ended. */
  readonly duplicateCancelMs: number;
  /** Sign of a fee that was charged, in the order history of the data service. */
  readonly feeSignInHistory: 'positive' | 'negative';
  /** Bars without trades are left out, or flat at the price before them. */
  readonly emptyBars: 'left-out' | 'flat';
  /** Order in which bars are given. */
  readonly barOrder: 'ascending' | 'descending';
  /** Whether a bar that starts exactly at `to` is given. */
  readonly barUpperBound: 'included' | 'excluded';
  /** How many bars are given if nothing says. */
  readonly defaultBars: 10 | 1;
  /** Several symbols of a subscription are confirmed one by one, or together. */
  readonly confirmations: 'each' | 'together';
  /** The key of the greeting's name: recordings have `m`, the documents `op`. */
  readonly greetingKey: 'm' | 'op' | 'both';
  /** The end of a subscription is confirmed with a code, which the documents' sample lacks. */
  readonly unsubscribeCode: boolean;
  /** What a confirmation calls the channel of an account: by the account's id, as seen, or as it was asked for. */
  readonly orderChannelName: 'id' | 'asked';
  /** A triggered stop order is announced by `New` once more, where that mode has it. */
  readonly announcedTriggers: boolean;
  /** A bar is published no more often than this while it changes. */
  readonly barIntervalMs: number;
  /** The request `balance` of the stream is refused, or answered with all balances. */
  readonly streamBalances: 'refused' | 'answered';
  /** The request `order-status` of the stream is answered, or refused. */
  readonly streamOrderStatus: 'answered' | 'refused';
  /** A cancel that is refused because of its order is also told on the order channel, each one of a refused batch by itself. */
  readonly cancelRefusalsOnStream: boolean;
  /** Requests of an account to the balance snapshots and the balance history, together, within any minute. */
  readonly balanceHistoryRequests: number;
  /** Limits of the stream. */
  readonly limits: AscendexLimits;
}

/** Options that differ from the defaults. */
export type AscendexChoices = Partial<Omit<AscendexOptions, 'limits'>> & {
  readonly limits?: Partial<AscendexLimits> | undefined;
};

/** What holds if nothing else is said. */
export const defaultAscendexOptions: AscendexOptions = {
  strictAuth: false,
  authTimeWindowMs: 30_000,
  authErrorHttpStatus: 200,
  orderTimeWindowMs: 30_000,
  updatesBeforeReply: true,
  uidForm: 'lettered',
  duplicateIds: 'rejected',
  unknownOrderInList: 'left-out',
  postOnlyCrossing: 'by-mode',
  postOnlyWord: 'Post',
  tickSizeCode: 300001,
  priceBandPercent: undefined,
  marketSlippagePercent: 10,
  marketSellPrice: 'empty',
  waitingStopStatus: 'New',
  surplusParameters: 'ignored',
  numbersInOrders: 'stop-price',
  numberCode: 100004,
  cancelOfEndedCode: 300019,
  duplicateCancelMs: 1_000,
  feeSignInHistory: 'positive',
  emptyBars: 'left-out',
  barOrder: 'ascending',
  barUpperBound: 'included',
  defaultBars: 10,
  confirmations: 'each',
  greetingKey: 'm',
  unsubscribeCode: true,
  orderChannelName: 'id',
  announcedTriggers: false,
  barIntervalMs: 500,
  streamBalances: 'refused',
  streamOrderStatus: 'refused',
  cancelRefusalsOnStream: true,
  balanceHistoryRequests: 8,
  limits: defaultLimits,
};

/**
 * The whole of what was chosen in part.
 * @throws VenueError `invalid-options` naming the option, for a name that is not there, or a value that is none of its choices.
 */
export function completeAscendexOptions(choices: AscendexChoices = {}): AscendexOptions {
  const { limits = {}, ...own } = choices;
  checkNames('', own, defaultAscendexOptions);
  if (!isFields(limits)) throw refusal('limits', 'an object', limits);
  checkNames('limits.', limits, defaultLimits);
  const options: AscendexOptions = {
    ...defaultAscendexOptions,
    ...withoutGaps(own),
    limits: { ...defaultLimits, ...withoutGaps(limits) },
  };
  checkValues(options);
  return options;
}

const words: Readonly<Partial<Record<keyof AscendexOptions, readonly unknown[]>>> = {
  strictAuth: [true, false],
  authErrorHttpStatus: [200, 401, 403],
  updatesBeforeReply: [true, false],
  uidForm: ['lettered', 'digits'],
  duplicateIds: ['rejected', 'refused'],
  unknownOrderInList: ['left-out', 'refused'],
  postOnlyCrossing: ['by-mode', 'canceled', 'rejected'],
  postOnlyWord: ['Post', 'POST'],
  tickSizeCode: [300001, 300014],
  marketSellPrice: ['empty', 'protective'],
  waitingStopStatus: ['New', 'PendingNew'],
  surplusParameters: ['ignored', 'refused'],
  numbersInOrders: ['stop-price', 'none', 'all'],
  numberCode: [100004, 100001],
  cancelOfEndedCode: [300019, 300006],
  feeSignInHistory: ['positive', 'negative'],
  emptyBars: ['left-out', 'flat'],
  barOrder: ['ascending', 'descending'],
  barUpperBound: ['included', 'excluded'],
  defaultBars: [10, 1],
  confirmations: ['each', 'together'],
  greetingKey: ['m', 'op', 'both'],
  unsubscribeCode: [true, false],
  orderChannelName: ['id', 'asked'],
  announcedTriggers: [true, false],
  streamBalances: ['refused', 'answered'],
  streamOrderStatus: ['answered', 'refused'],
  cancelRefusalsOnStream: [true, false],
};

const countNames = [
  'authTimeWindowMs',
  'orderTimeWindowMs',
  'duplicateCancelMs',
  'barIntervalMs',
  'balanceHistoryRequests',
] as const;

function checkValues(options: AscendexOptions): void {
  for (const [name, allowed] of Object.entries(words)) {
    const value = options[name as keyof AscendexOptions];
    if (!allowed.includes(value)) throw refusal(name, `one of ${allowed.join(', ')}`, value);
  }
  for (const name of countNames) {
    const value = options[name];
    if (!Number.isSafeInteger(value) || value < 0) throw refusal(name, 'a whole number from 0', value);
  }
  checkLimits(options.limits);
  const { marketSlippagePercent: slippage, priceBandPercent: band } = options;
  if (!isPercent(slippage))
    throw refusal('marketSlippagePercent', 'more than 0 and less than 100, to two places', slippage);
  if (band !== undefined && !isPercent(band))
    throw refusal('priceBandPercent', 'more than 0 and less than 100, to two places', band);
}

function checkLimits(limits: AscendexLimits): void {
  for (const name of Object.keys(defaultLimits) as (keyof AscendexLimits)[]) {
    const expected = limitProblem(name, limits[name]);
    if (expected !== undefined) throw refusal(`limits.${name}`, expected, limits[name]);
  }
}

/** Percents are counted in hundredths. */
function isPercent(value: unknown): boolean {
  if (typeof value !== 'number') return false;
  return value > 0 && value < 100 && Number.isInteger(Math.round(value * 1e6) / 1e4);
}

function checkNames(path: string, given: object, known: object): void {
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(known, name))
      throw refusal(`${path}${name}`, `one of ${Object.keys(known).join(', ')}`, `${path}${name}`);
  }
}

/** Without what is `undefined`, so that it does not hide a default. */
function withoutGaps<Value extends object>(value: Value): Partial<Value> {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as Partial<Value>;
}

function refusal(name: string, expected: string, value: unknown): VenueError {
  // JSON has no infinity.
  const got = typeof value === 'number' ? String(value) : quoted(value);
  return new VenueError({
    code: 'invalid-options',
    operation: 'ascendex',
    message: `${name}: expected ${expected}, got ${got}`,
  });
}
