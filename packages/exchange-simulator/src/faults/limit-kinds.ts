import type { ActionEntry, FaultGround } from './fault-ground.ts';
import type { FaultPart, LimitFaultKind } from './fault-types.ts';

const quarter = 900;
const [tooMany, forbidden] = [429, 403] as const;

/** What the venue can enforce or take away. */
export const limitKinds: Readonly<Record<LimitFaultKind, ActionEntry>> = {
  'limit-silence': {
    ...entry(['durationSeconds', 'address']),
    defaultSeconds: quarter,
    what: `level 1: requests on streams from the address are silently ignored, as if it had sent too many, for ${quarter / 60} minutes if nothing is said`,
  },
  'limit-ban': {
    ...entry(['durationSeconds', 'address', 'status']),
    ...{ defaultSeconds: quarter, defaultStatus: tooMany },
    what: `level 2: streams from the address are cut, and new ones refused with \`status\`, ${tooMany} if left out, for ${quarter / 60} minutes if nothing is said`,
    begin: cut,
  },
  'address-ban': {
    ...entry(['durationSeconds', 'address', 'status', 'body']),
    ...{ defaultSeconds: quarter, defaultStatus: forbidden },
    what: `the address is banned: its streams are cut, and everything is answered with \`status\`, ${forbidden} if left out, for ${quarter / 60} minutes if nothing is said`,
    begin: cut,
  },
  'expired-key': {
    ...entry(['durationSeconds', 'key']),
    what: 'API keys have expired',
  },
  'lost-permission': {
    ...entry(['durationSeconds', 'key', 'right']),
    what: 'API keys have lost a right, that to trade if nothing is said',
  },
  'changed-ips': {
    ...entry(['durationSeconds', 'key', 'value']),
    what: 'API keys can be used from the address `value` only, from one that nobody has if left out',
  },
};

function entry(parts: readonly FaultPart[]): Omit<ActionEntry, 'what'> {
  return { place: 'limits', parts, lasts: 'while' };
}

function cut({ streams }: FaultGround): void {
  for (const stream of streams) stream.close(1006, '');
}
