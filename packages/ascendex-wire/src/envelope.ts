import { parseExactJson } from './exact-json.ts';
import { type RefusalSubject, toVenueError } from './venue-refusal.ts';
import { isSuccessCode, readRecord, refusal, toOptionalText } from './wire-fields.ts';

/** What is known about a reply beside its text. */
export interface EnvelopeOptions {
  /** HTTP status of the reply. */
  readonly httpStatus?: number | undefined;
  /** What was asked, where that changes the meaning of a code. */
  readonly about?: RefusalSubject | undefined;
  /** How long the reply asks to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
}

/**
 * Opens the envelope `{ code, data }` of a REST reply and gives its `data`, with every digit kept.
 *
 * A code other than 0 is a refusal even with HTTP 200, which is how the venue sends most of them; it is never taken for
 * success because of its status, nor the other way round. Source: docs, "RESTful APIs".
 * @throws VenueError `protocol` for what is not such an envelope, else the code of `toVenueError`.
 */
export function decodeEnvelope(text: string, operation: string, options: EnvelopeOptions = {}): unknown {
  const place = { operation, subject: 'reply' };
  const envelope = readRecord(parseExactJson(text), 'envelope', place);
  const { code, data } = envelope;
  const failedStatus = options.httpStatus !== undefined && options.httpStatus >= 400;
  if (isSuccessCode(code) && !failedStatus) {
    if (data === undefined) throw refusal(place, 'data', 'the content of the reply', data);
    return data;
  }
  const venueCode = isSuccessCode(code) ? undefined : toOptionalText(code);
  if (venueCode === undefined && !failedStatus) throw refusal(place, 'code', '0 or an error code', code);
  throw toVenueError({
    code: venueCode,
    reason: toOptionalText(envelope.reason),
    message: toOptionalText(envelope.message ?? envelope.info),
    operation,
    ...options,
  });
}
