import type { Random } from '@venuekit/connector-core';
import type { AscendexOptions } from './ascendex-options.ts';

/** What the id of an order is made of. */
export interface OrderIdParts {
  /** `a` for an order that came by REST, `s` for one by the stream, `r` for one by hand. */
  readonly channel: 'a' | 's' | 'r';
  /** The time that the order itself names. */
  readonly timeMs: number;
  /** Of the user, such as `U0420042042`. */
  readonly uid: string;
  /** What the client calls it; empty if nothing. */
  readonly clientId: string;
}

/** Gives orders their ids. */
export interface OrderIds {
  /** Decided by its parts if the client's id has nine characters or more; else by chance. */
  next(parts: OrderIdParts): string;
}

const longestClientId = 32;
const timeDigits = 11;
const longestUser = 11;
const tailLength = 9;
const clientIdPattern = /^\w[\w-]*\w$/;
const idPattern = /^[\w-]{1,64}$/;
const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** True for an id that a client may give: 2 to 32 letters, digits, `_` and, within, `-`. */
export function isClientId(text: string): boolean {
  return text.length <= longestClientId && clientIdPattern.test(text);
}

/** True for what could be the id of an order, of whatever age. */
export function isOrderId(text: string): boolean {
  return idPattern.test(text);
}

/**
 * Makes ids of one form: the channel, the time, the user and the tail, which are 32 characters at most. Of a user whom somebody has called
 * more than the venue would, the end stays. The tail always stays whole: it is what tells orders of one user and one moment apart.
 */
export function createOrderIds(uidForm: AscendexOptions['uidForm'], random: Random): OrderIds {
  return {
    next({ channel, timeMs, uid, clientId }) {
      const time = timeMs.toString(16).padStart(timeDigits, '0').slice(-timeDigits);
      const user = (uidForm === 'digits' ? uid.replace(/^U/, '') : uid).slice(-longestUser);
      const tail = clientId.length >= tailLength ? clientId.slice(-tailLength) : drawTail(random);
      return `${channel}${time}${user}${tail}`;
    },
  };
}

function drawTail(random: Random): string {
  const draw = (): string => letters.charAt(Math.floor(random.next('ascendex order id') * letters.length));
  return Array.from({ length: tailLength }, draw).join('');
}
