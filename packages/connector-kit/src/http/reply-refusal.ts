import { VenueError, type VenueErrorCode } from '@venuekit/connector-core';
import type { ErrorOrigin, HttpAddress } from './http-address.ts';

/** What a reply is judged by. */
export interface ReplyFacts {
  readonly status: number;
  /** The `content-type` header; empty if there is none. */
  readonly contentType: string;
  readonly text: string;
  /** False if some bytes were no UTF-8. */
  readonly exact: boolean;
  readonly retryAfterMs: number | undefined;
}

const longestExcerpt = 80;

/**
 * The error for a reply that is not the venue's own word, or `undefined` for one that is. JSON of any status is the venue's
 * word. Everything else comes from what stands in front of it: pages of a content network, proxies, gateways.
 */
export function refuseReply(
  reply: ReplyFacts,
  address: HttpAddress,
  origin: ErrorOrigin,
): VenueError | undefined {
  if (isJson(reply) && reply.exact) return undefined;
  const { retryAfterMs } = reply;
  return new VenueError({
    ...origin,
    code: isJson(reply) ? 'protocol' : toErrorCode(reply),
    message: `expected JSON from ${address.place}, got HTTP ${reply.status} with ${describeBody(reply)}`,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

/** True for a JSON type whose body is not plainly something else, and for a body that looks like JSON whatever its type. */
function isJson({ contentType, text }: ReplyFacts): boolean {
  const first = text.trimStart().charAt(0);
  if (first === '{' || first === '[') return true;
  return first !== '' && first !== '<' && /[/+]json\b/i.test(contentType);
}

function isHtml({ contentType, text }: ReplyFacts): boolean {
  return /\bx?html\b/i.test(contentType) || text.trimStart().startsWith('<');
}

function toErrorCode(reply: ReplyFacts): VenueErrorCode {
  const { status } = reply;
  if (status === 429 || status === 418) return 'rate-limited';
  // A content network blocks a busy address with a page; a venue that denies a right answers otherwise.
  if (status === 403) return isHtml(reply) ? 'rate-limited' : 'permission';
  if (status === 401) return 'authentication';
  if (status === 451) return 'permission';
  if (status === 408 || status >= 500) return 'venue-unavailable';
  return status >= 400 ? 'invalid-request' : 'protocol';
}

function describeBody(reply: ReplyFacts): string {
  const type =
    reply.contentType === '' ? 'no content type' : `content type ${bounded(reply.contentType, 60)}`;
  if (reply.text.trim() === '') return `${type} and an empty body`;
  const broken = reply.exact ? '' : ' (not UTF-8)';
  return `${type} and the body "${bounded(visibleText(reply.text), longestExcerpt)}"${broken}`;
}

/** What a person would read of a page. Only its beginning is looked at, so that a huge one costs nothing. */
function visibleText(text: string): string {
  return text
    .slice(0, 8_192)
    .replace(/<(script|style)\b[^>]*>[\s\S]*?(?:<\/\1>|$)/gi, ' ')
    .replace(/<[^>]*(?:>|$)/g, ' ')
    .replace(/[\s\p{C}]+/gu, ' ')
    .trim();
}

function bounded(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
}
