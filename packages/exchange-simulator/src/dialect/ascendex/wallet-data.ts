import { createHash } from 'node:crypto';
import type { ProductRecord } from '../../market/product.ts';
import type { User } from '../../users/user-types.ts';

/** A chain on which an asset comes and goes. Nothing ever does here: these are figures for clients that ask. */
interface Chain {
  readonly chainName: string;
  readonly withdrawFee: string;
  readonly allowDeposit: boolean;
  readonly allowWithdraw: boolean;
  readonly minDepositAmt: string;
  readonly minWithdrawal: string;
  readonly numConfirmations: number;
}

/** An asset as the current list has it. */
export interface AscendexAsset {
  readonly assetCode: string;
  readonly assetName: string;
  /** Decimals in which balances are kept. */
  readonly precisionScale: number;
  /** Decimals on the chain. */
  readonly nativeScale: number;
  readonly blockChain: readonly Chain[];
}

/** An address for deposits. */
export interface DepositAddress {
  readonly address: string;
  readonly blockchain: string;
  /** Not documented; a client chooses by it where there are several. */
  readonly chainName: string;
  readonly destTag: string;
  /** Name of the field that has the tag. */
  readonly tagId: string;
}

const names: Readonly<Record<string, string>> = {
  ADA: 'Cardano',
  BTC: 'Bitcoin',
  DOGE: 'Dogecoin',
  ETH: 'Ethereum',
  SOL: 'Solana',
  USDT: 'Tether',
  XRP: 'XRP',
};

const chainNames: Readonly<Record<string, readonly string[]>> = {
  ADA: ['Cardano'],
  BTC: ['Bitcoin'],
  DOGE: ['Dogecoin'],
  SOL: ['Solana'],
  USDT: ['ERC20', 'TRC20'],
  XRP: ['Ripple'],
};

/** Every asset of the products, each once, in their order: base before quote. */
export function assetCodes(products: readonly ProductRecord[]): readonly string[] {
  const spot = products.filter(({ symbol }) => symbol.includes('/'));
  return [...new Set(spot.flatMap(({ baseAsset, quoteAsset }) => [baseAsset, quoteAsset]))];
}

/** The assets of the products. */
export function describeAssets(products: readonly ProductRecord[]): readonly AscendexAsset[] {
  return assetCodes(products).map((assetCode) => ({
    assetCode,
    assetName: names[assetCode] ?? assetCode,
    precisionScale: 9,
    // As many as balances have, so that no client rounds an amount that it moves.
    nativeScale: 9,
    blockChain: chainsOf(assetCode).map((chainName) => ({
      ...{ chainName, withdrawFee: '0.001', allowDeposit: true, allowWithdraw: true },
      ...{ minDepositAmt: '0', minWithdrawal: '0.002', numConfirmations: 3 },
    })),
  }));
}

/** The assets of the products in the older form. */
export function describeOldAssets(products: readonly ProductRecord[]): readonly object[] {
  return describeAssets(products).map(({ assetCode, assetName, precisionScale, nativeScale }) => ({
    ...{ assetCode, assetName, precisionScale, nativeScale },
    ...{ withdrawalFee: '0.001', minWithdrawalAmt: '0.002', status: 'Normal' },
  }));
}

/** Where a customer would send an asset to: addresses that belong to no chain, always the same. */
export function depositAddresses(user: User, asset: string): readonly DepositAddress[] {
  return chainsOf(asset).map((chain) => {
    const digest = createHash('sha256').update(`${user.uid} ${asset} ${chain}`).digest('hex');
    const address = `simulated-${digest.slice(0, 32)}`;
    return { address, blockchain: chain, chainName: chain, destTag: '', tagId: 'destTag' };
  });
}

/** The full name of an asset, as far as it has one here. */
export function assetName(asset: string): string {
  return names[asset] ?? asset;
}

function chainsOf(asset: string): readonly string[] {
  return chainNames[asset] ?? ['ERC20'];
}
