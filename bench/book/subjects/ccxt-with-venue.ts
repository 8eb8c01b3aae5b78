import { lastWithVenue } from '../../depth/subjects/ccxt-library.ts';
import type { NumberUpdate } from '../number-book.ts';
import type { BookSubject } from '../subject.ts';
import { ccxtBook } from './ccxt-book.ts';

export const subject: BookSubject<NumberUpdate> = ccxtBook(lastWithVenue());
