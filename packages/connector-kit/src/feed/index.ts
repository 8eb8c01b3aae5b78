/**
 * Event feeds: synchronous listeners and bounded asynchronous readers.
 *
 * @packageDocumentation
 */
export { createFeed, type FeedOptions, type FeedSource } from './feed.ts';
export { createFeedScope, type FeedScope, type FeedScopeOptions } from './feed-scope.ts';
