import type { ApiKey, UserDirectory } from '../users/user-types.ts';
import { lastingSeconds } from './fault-catalogue.ts';
import type { ActiveFault, FaultRegister } from './fault-register.ts';
import type { Fault } from './fault-types.ts';

/** A limit that the venue enforces although nobody has exceeded it. */
export interface ForcedLimit {
  /** 1: requests are silently ignored. 2: sessions are cut, and the address may not come back. `banned`: nor ask anything. */
  readonly level: 1 | 2 | 'banned';
  /** For how long still, in milliseconds. */
  readonly leftMs: number;
}

/** What the limits of a dialect have to know of faults. */
export interface LimitFaults {
  /** The hardest limit that is forced upon an address now. Level 2 and bans are enforced without the dialect, level 1 is not. */
  forcedLimit(address: string): ForcedLimit | undefined;
}

const levels = { 'limit-silence': 1, 'limit-ban': 2, 'address-ban': 'banned' } as const;

/** The hardest limit that is forced upon an address. */
export function forcedLimit(
  register: FaultRegister,
  address: string,
  nowMs: number,
): ForcedLimit | undefined {
  for (const kind of ['address-ban', 'limit-ban', 'limit-silence'] as const) {
    const found = register.newest(kind, (fault) => fault.address === undefined || fault.address === address);
    if (found !== undefined) return { level: levels[kind], leftMs: leftMs(found, nowMs) };
  }
  return undefined;
}

function leftMs({ fault, beganAtMs }: ActiveFault, nowMs: number): number {
  return Math.max(0, beganAtMs + (lastingSeconds(fault) ?? 0) * 1_000 - nowMs);
}

/** The users of a venue, whose keys are what faults have left of them. */
export function wrapUsers(
  users: UserDirectory,
  register: FaultRegister,
  clock: { now(): number },
): UserDirectory {
  return {
    users: users.users,
    find(name) {
      const found = users.find(name);
      if (found === undefined || register.at('limits').length === 0) return found;
      return { user: found.user, key: judged(found.key, register, clock.now()) };
    },
  };
}

function judged(key: ApiKey, register: FaultRegister, nowMs: number): ApiKey {
  return register
    .at('limits')
    .filter(({ fault }) => fault.key === undefined || fault.key === key.key)
    .reduce((before, { fault }) => worse(before, fault, nowMs), key);
}

function worse(key: ApiKey, fault: Fault, nowMs: number): ApiKey {
  const copy = { ...rightsOf(key), revealSecret: () => key.revealSecret() };
  switch (fault.kind) {
    case 'expired-key':
      return { ...copy, expiresAtMs: Math.min(key.expiresAtMs ?? nowMs, nowMs) };
    case 'changed-ips':
      return { ...copy, allowedIps: [fault.value ?? '192.0.2.1'] };
    case 'lost-permission':
      return {
        ...copy,
        ...{ view: { canView: false }, trade: { canTrade: false }, transfer: { canTransfer: false } }[
          fault.right ?? 'trade'
        ],
      };
    default:
      return key;
  }
}

function rightsOf({
  key,
  canView,
  canTrade,
  canTransfer,
  expiresAtMs,
  allowedIps,
}: ApiKey): Omit<ApiKey, 'revealSecret'> {
  return { key, canView, canTrade, canTransfer, expiresAtMs, allowedIps };
}
