import type { DepthStage } from '@venuekit/connector-core';

/** All that a stage says, for comparison. */
export function stageText(stage: DepthStage | undefined): string {
  if (stage === undefined) return 'none';
  const { firstSequence, sequence, venueTimeMs, asks, bids } = stage;
  return [firstSequence, sequence, venueTimeMs, ...[asks, bids].map(sideText)].join(' ');
}

function sideText({ count, prices, amounts }: DepthStage['asks']): string {
  return `${count}: ${prices.subarray(0, count)} / ${amounts.subarray(0, count)}`;
}
