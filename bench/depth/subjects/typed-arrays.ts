import { TypedSide } from '../../book/subjects/typed-arrays.ts';
import type { DepthSubject } from '../subject.ts';
import { openParsedBook } from './parsed-book.ts';

export const subject: DepthSubject = {
  unit: 'decimals',
  open: (snapshot) => openParsedBook(snapshot, (side) => new TypedSide(side)),
};
