import type { Random } from '@venuekit/connector-core';
import type { UserNames } from '../../users/user-types.ts';

const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const accountLength = 29;
const uidDigits = 10;

/** Names a customer as the venue does: `U` and ten digits, and accounts of 32 characters that begin with `csh` and `mar`. */
export function nameUser(number: number, random: Random): UserNames {
  const draw = (from: string, length: number, purpose: string): string =>
    Array.from({ length }, () =>
      from.charAt(Math.floor(random.next(`ascendex ${purpose} ${number}`) * from.length)),
    ).join('');
  return {
    uid: `U${draw('0123456789', uidDigits, 'uid')}`,
    cash: `csh${draw(letters, accountLength, 'cash')}`,
    margin: `mar${draw(letters, accountLength, 'margin')}`,
  };
}
