import type { Socket } from 'node:net';

/** The address of whoever is at the other end; one of IPv4 in its own form. */
export function addressOf({ remoteAddress = '' }: Pick<Socket, 'remoteAddress'>): string {
  return remoteAddress.replace(/^::ffff:/, '');
}
