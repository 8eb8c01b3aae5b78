import type { BookEvent, MarketHandle } from '@venuekit/connector-core';
import { BookStory } from '../models/book-story.ts';
import type { Manner } from '../models/gap-bounds.ts';
import type { AnyEvent, FeedContext, FeedRules } from './feed-rules.ts';
import type { Judge } from './judge.ts';

/** What a consumer of a book is told is what the book is, as soon as it is. */
export class BookRules implements FeedRules {
  readonly #handle: MarketHandle;
  readonly #judge: Judge;
  readonly #story: BookStory;

  constructor(handle: MarketHandle, { bookBounds, judge, localNow }: FeedContext) {
    const { pair } = handle;
    this.#handle = handle;
    this.#judge = judge;
    this.#story = new BookStory({
      ...{ pair, localNow },
      bounds: bookBounds(pair),
      violate: (message) => judge.violate('I14', message),
    });
  }

  /** Gaps so far. */
  get gaps(): number {
    return this.#story.gaps;
  }

  take(event: AnyEvent, manner: Manner): void {
    if (event.kind === 'gap') this.#judge.count('gap in book');
    this.#story.take(event as BookEvent, manner);
  }

  arriving(): void {}

  arrived(): void {}

  settle(): void {
    const { last } = this.#story;
    if (last === undefined) return;
    const { pair } = this.#handle;
    const view = this.#handle.book.read();
    const is = `${view.state} ${view.state === 'live' ? view.sequence : '-'}`;
    const told = last.kind === 'gap' ? 'a gap' : `${last.state} ${last.sequence ?? '-'}`;
    if (told !== is) this.#judge.violate('I14', `${pair} book: expected to be told ${is}, last got ${told}`);
  }

  isFresh(): boolean {
    return true;
  }
}
