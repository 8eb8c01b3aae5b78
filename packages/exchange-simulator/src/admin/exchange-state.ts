import type { ApiKey, User } from '../users/user-types.ts';
import type { AdminTarget } from './admin.ts';

/** What an exchange is like now; no secret is in it. */
export function describeState({ market, users, clock, faults, actions, stats }: AdminTarget): object {
  return {
    pairs: market.symbols,
    timeMs: clock.now(),
    elapsedSeconds: market.elapsedSeconds(),
    canTrade: actions !== undefined,
    users: users.map(withoutSecrets),
    faults: faults.states,
    stats: stats(),
  };
}

function withoutSecrets({ uid, group, email, vipLevel, fees, cash, margin, keys }: User): object {
  return { uid, group, email, vipLevel, fees, cash, margin, keys: keys.map(rightsOf) };
}

function rightsOf({ key, canView, canTrade, canTransfer, expiresAtMs, allowedIps }: ApiKey): object {
  return {
    key,
    canView,
    canTrade,
    canTransfer,
    allowedIps,
    ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
  };
}
