import type { DepthSubject } from '../subject.ts';
import { ccxtFeed } from './ccxt-feed.ts';

export const subject: DepthSubject = ccxtFeed();
