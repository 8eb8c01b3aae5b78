/**
 * The output side of a trading facet: an account's orders, balances and events, and orders that are checked before they leave.
 *
 * @packageDocumentation
 */
export {
  type AccountLog,
  type AccountLogOptions,
  type BalanceNews,
  createAccountLog,
  type NewsTimes,
  type OrderEventDetails,
  type OrderEventRest,
} from './account-log.ts';
export { type FillDetails, type FilledOrder, makeFill } from './fill.ts';
export { type NewOrderOptions, newOrder } from './new-order.ts';
export type { CancelAllOptions } from './order-cancels.ts';
export { createOrderDenial, type OrderDenialOptions } from './order-denial.ts';
export { type CheckedOrder, checkOrderRules, type OrderRuleContext } from './order-rules.ts';
export { createTrading } from './trading.ts';
export type { TradingParts } from './trading-parts.ts';
