import { brokenBooks } from './broken-books.ts';
import type { BrokenConnector } from './broken-connector.ts';
import { brokenFlows } from './broken-flows.ts';
import { brokenLives } from './broken-lives.ts';
import { brokenOrders } from './broken-orders.ts';
import { subtleBooks } from './subtle-books.ts';
import { subtleFlows } from './subtle-flows.ts';
import { subtleLives } from './subtle-lives.ts';
import { subtleOrders } from './subtle-orders.ts';

/** For every card at least one connector that it finds out. */
export const brokenConnectors: readonly BrokenConnector[] = [
  ...brokenLives,
  ...brokenBooks,
  ...brokenFlows,
  ...brokenOrders,
  ...subtleBooks,
  ...subtleFlows,
  ...subtleLives,
  ...subtleOrders,
];
