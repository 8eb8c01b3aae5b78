import type { AscendexLimits, MessageGroup } from './limit-options.ts';
import type { AddressBan } from './limit-record.ts';

/** What can be told of the stream's limits. */
export interface RiskReport {
  /** The limits that hold. */
  readonly limits: AscendexLimits;
  /** Why an address is banned now; `undefined` if it is not. */
  ban(address: string): AddressBan | undefined;
}

/** `data` of `v2/risk-limit-info` for an address, as JSON can hold it. */
export function describeRisk(report: RiskReport, ip: string): object {
  const { limits } = report;
  return {
    ip,
    webSocket: {
      status: statusOf(report.ban(ip)),
      limits: {
        maxWebSocketSessionsPerIpAccountGroup: limits.sessionsPerGroup,
        maxWebSocketSessionsPerIpTotal: limits.sessionsPerAddress,
      },
      messageThreshold: {
        level1OpThreshold: operations(limits, 0),
        level2OpThreshold: operations(limits, 1),
        level1ReqThreshold: requests(limits, 0),
        level2ReqThreshold: requests(limits, 1),
      },
    },
  };
}

/** `data` of `v1/risk-limit-info` for an address, as JSON can hold it. */
export function describeOldRisk(report: RiskReport, ip: string): object {
  const { connectWindowMs, connects, sessionsPerAddress } = report.limits;
  return {
    ip,
    webSocket: {
      windowSizeInMinutes: connectWindowMs / 60_000,
      maxNumRequests: connects,
      maxSessionPerIp: sessionsPerAddress,
      ...statusOf(report.ban(ip)),
    },
  };
}

function statusOf(ban: AddressBan | undefined): object {
  return {
    isBanned: ban !== undefined,
    bannedUntil: ban?.untilMs ?? -1,
    violationCode: ban?.code ?? 0,
    reason: ban?.reason ?? '',
  };
}

/** Thresholds by operation. Those of one group share theirs. */
function operations(limits: AscendexLimits, level: 0 | 1): object {
  const of = (group: MessageGroup): number => limits[group][level];
  const [admin, stream] = [of('admin'), of('stream')];
  return { auth: admin, ping: admin, pong: admin, sub: stream, unsub: stream, req: of('requests') };
}

/** Thresholds by action, futures among them: no client must miss a name. */
function requests(limits: AscendexLimits, level: 0 | 1): object {
  const [orders, snapshots, all] = (['orders', 'snapshots', 'requests'] as const).map(
    (group) => limits[group][level],
  );
  return {
    place_order: orders,
    cancel_order: orders,
    cancel_all: orders,
    batch_place_order: all,
    batch_cancel_order: all,
    depth_snapshot: snapshots,
    depth_snapshot_top100: snapshots,
    market_trades: all,
    balance: all,
    open_order: all,
    margin_risk: all,
    futures_account_snapshot: all,
    futures_open_orders: all,
  };
}
