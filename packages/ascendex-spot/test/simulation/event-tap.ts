import { type Feed, isVenueError, type SubscribeOptions } from '@venuekit/connector-core';

/** The same feed, but each event is told to `hear` at the moment at which a listener or a reader is about to get it. */
export function tapFeed<E extends object>(feed: Feed<E>, hear: (text: string) => void): Feed<E> {
  const tapped = async function* (events: AsyncIterable<E>): AsyncGenerator<E> {
    for await (const event of events) {
      hear(eventText(event));
      yield event;
    }
  };
  return {
    subscribe: (listener: (event: E) => void, options?: SubscribeOptions) =>
      feed.subscribe((event) => {
        hear(eventText(event));
        listener(event);
      }, options),
    until: (signal) => tapped(feed.until(signal)),
    [Symbol.asyncIterator]: () => tapped(feed)[Symbol.asyncIterator](),
    get stats() {
      return feed.stats;
    },
  };
}

/** All that an event says, in one line: its kind first, then its fields. */
function eventText(event: object): string {
  const { kind, ...fields } = event as Readonly<Record<string, unknown>>;
  const texts = Object.entries(fields)
    .filter(([name, value]) => value !== undefined && name !== 'raw')
    .map(([name, value]) => `${name}=${valueText(value)}`);
  return [String(kind), ...texts].join(' ');
}

/** Messages of errors may show places of the machine: their code is enough. */
function valueText(value: unknown): string {
  if (isVenueError(value)) return value.code;
  if (typeof value !== 'object' || value === null) return String(value);
  if ('price' in value && 'amount' in value) return `${String(value.price)}:${String(value.amount)}`;
  return String(value);
}
