import type { AccountUpdate } from '../../desk/desk-types.ts';
import { settled } from '../../market/market.ts';
import type { User } from '../../users/user-types.ts';
import type { ClientOutlet } from './client-outlet.ts';
import type { Login } from './login.ts';
import { type AccountName, encodeUpdate } from './order-channel-text.ts';
import type { SessionContext } from './session-context.ts';
import type { StreamGate } from './stream-gate.ts';

/** What the owner of an account hears in one session. */
export interface OrderChannel {
  /** Tells of everything that happens to an account from now on, until it is disposed of. */
  join(account: AccountName): Disposable;
}

/** The account of a user that a client means by `cash`, `margin` or the account's id; `undefined` if the user has none of that name. */
export function accountNamed({ cash, margin }: User, name: string): AccountName | undefined {
  const word = name.toLowerCase();
  if (word === 'cash' || name === cash) return { accountId: cash, ac: 'CASH' };
  return word === 'margin' || name === margin ? { accountId: margin, ac: 'MARGIN' } : undefined;
}

/** What an order channel needs of its session. */
export interface OrderChannelParts {
  readonly outlet: ClientOutlet;
  readonly login: Login;
  readonly gate: StreamGate;
}

/** Makes the order channel of a session. */
export function createOrderChannel(
  context: SessionContext,
  { outlet, login, gate }: OrderChannelParts,
): OrderChannel {
  const { trading } = context;
  if (trading === undefined) return { join: () => settled };

  function tell(account: AccountName, update: AccountUpdate): void {
    const text = encodeUpdate(context, account, update, login.isReady);
    if (text === undefined) return;
    const label =
      update.kind === 'order' ? { channel: 'order', symbol: update.symbol } : { channel: 'balance' };
    gate.tell(() => outlet.push(text, label));
  }

  return { join: (account) => trading.desk.subscribe(account.accountId, (update) => tell(account, update)) };
}
