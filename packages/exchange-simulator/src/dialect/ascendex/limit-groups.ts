import type { MessageGroup } from './limit-options.ts';

/** Operations by group; every `req` counts among the requests, and among those of its action besides. */
const groupsByOp: Readonly<Record<string, readonly MessageGroup[]>> = {
  auth: ['admin'],
  ping: ['admin'],
  pong: ['admin'],
  sub: ['stream'],
  unsub: ['stream'],
};

const groupsByAction: Readonly<Record<string, readonly MessageGroup[]>> = {
  'place-order': ['requests', 'orders'],
  'cancel-order': ['requests', 'orders'],
  'cancel-all': ['requests', 'orders'],
  'depth-snapshot': ['requests', 'snapshots'],
  'depth-snapshot-top100': ['requests', 'snapshots'],
};

const otherRequests: readonly MessageGroup[] = ['requests'];

/** Under which limits a message falls; under none if the venue has no such operation. */
export function groupsOf(op: unknown, action: unknown): readonly MessageGroup[] {
  if (typeof op !== 'string') return [];
  if (op !== 'req') return Object.hasOwn(groupsByOp, op) ? (groupsByOp[op] ?? []) : [];
  const name = typeof action === 'string' ? action.toLowerCase() : '';
  return Object.hasOwn(groupsByAction, name) ? (groupsByAction[name] ?? []) : otherRequests;
}
