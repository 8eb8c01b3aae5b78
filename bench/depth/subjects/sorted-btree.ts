import { treeSide } from '../../book/subjects/sorted-btree.ts';
import type { DepthSubject } from '../subject.ts';
import { openParsedBook } from './parsed-book.ts';

export const subject: DepthSubject = {
  unit: 'decimals',
  open: (snapshot) => openParsedBook(snapshot, treeSide),
};
