import type { DepthSubject } from '../subject.ts';
import { ccxtFeed } from './ccxt-feed.ts';
import { current } from './ccxt-library.ts';

const { Exchange } = current();
const exchange = new Exchange();

export const subject: DepthSubject = ccxtFeed(() => exchange.orderBook({}));
