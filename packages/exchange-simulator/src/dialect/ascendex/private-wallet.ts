import type { Movement } from '../../desk/desk-types.ts';
import type { User } from '../../users/user-types.ts';
import type { AscendexContext } from './ascendex-context.ts';
import { refusals } from './error-codes.ts';
import { amountText } from './money-text.ts';
import { type RestRoutes, readNumbers, type SignedCall, signed } from './rest-calls.ts';
import { refuse, succeed } from './rest-replies.ts';
import { assetCodes, assetName, depositAddresses } from './wallet-data.ts';

const mostOnPage = 50;
const usualOnPage = 20;

/** Adds what tells of money that came from outside or went there. */
export function addWalletRoutes(routes: RestRoutes, context: AscendexContext): void {
  routes.get(
    '/api/pro/v1/wallet/deposit/address',
    signed(context, { prehashes: ['wallet/deposit/address'], need: 'view' }, (call) =>
      answerAddress(context, call),
    ),
  );
  routes.get(
    '/api/pro/v1/wallet/transactions',
    signed(context, { prehashes: ['wallet/transactions'], need: 'view' }, (call) =>
      answerTransactions(context, call),
    ),
  );
}

function answerAddress({ market }: AscendexContext, { call, user }: SignedCall): Response {
  const asset = call.req.query('asset') ?? '';
  if (asset === '') return refuse(refusals.argument, 'asset is missing');
  if (!assetCodes(market.products).includes(asset))
    return refuse(refusals.argument, `asset ${asset} is not known`);
  const chain = call.req.query('blockchain') ?? '';
  const address = depositAddresses(user, asset).filter(
    ({ blockchain }) => chain === '' || blockchain === chain,
  );
  if (address.length === 0) return refuse(refusals.noData, `${asset} is not on blockchain ${chain}`);
  return succeed({ asset, assetName: assetName(asset), address });
}

function answerTransactions({ trading }: AscendexContext, { call, user }: SignedCall): Response {
  const numbers = readNumbers(call, { page: 1, pageSize: 1, startTs: 0, endTs: 0 });
  if (numbers instanceof Response) return numbers;
  const { page = 1, pageSize = usualOnPage, startTs = 0, endTs = Number.MAX_SAFE_INTEGER } = numbers;
  if (pageSize > mostOnPage)
    return refuse(refusals.argument, `pageSize: expected 1 to ${mostOnPage}, got ${pageSize}`);
  const [asset, type] = [call.req.query('asset') ?? '', call.req.query('txType') ?? ''];
  if (!['', 'deposit', 'withdrawal'].includes(type))
    return refuse(refusals.argument, `txType: expected deposit or withdrawal, got ${type}`);
  const all = (trading?.desk.movements(user.cash) ?? [])
    .flatMap((movement) => describe(user, movement))
    .filter(({ time }) => time >= startTs && time <= endTs)
    .filter((one) => (asset === '' || one.asset === asset) && (type === '' || one.transactionType === type))
    .reverse();
  const first = (page - 1) * pageSize;
  const data = all.slice(first, first + pageSize);
  return succeed({ data, hasNext: all.length > first + pageSize, page, pageSize });
}

/** Only what came from outside or went there. */
function describe(user: User, { lines, sequence, atMs }: Movement): readonly Transaction[] {
  return lines.flatMap(({ asset, what, change }) => {
    if (what !== 'deposit' && what !== 'withdrawal') return [];
    const [address] = depositAddresses(user, asset);
    return [
      {
        asset,
        amount: amountText(change < 0n ? -change : change),
        commission: '0',
        destAddress: { address: address?.address ?? '', destTag: '' },
        networkTransactionId: `simulated-${sequence}`,
        numConfirmations: 3,
        numConfirmed: 3,
        requestId: `${user.uid}-${sequence}`,
        status: 'confirmed' as const,
        time: atMs,
        transactionType: what,
      },
    ];
  });
}

interface Transaction {
  readonly asset: string;
  readonly amount: string;
  readonly commission: string;
  readonly destAddress: { readonly address: string; readonly destTag: string };
  readonly networkTransactionId: string;
  readonly numConfirmations: number;
  readonly numConfirmed: number;
  readonly requestId: string;
  readonly status: 'confirmed';
  readonly time: number;
  readonly transactionType: 'deposit' | 'withdrawal';
}
