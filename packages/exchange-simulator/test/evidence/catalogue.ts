import { accountEndpoints, anywhere, crowdRefusal, plainRefusal } from './account-endpoints.ts';
import { answerEntries, replyEntries, updateEntries } from './account-entries.ts';
import type { Endpoint, Entry, RefusalForm } from './entry.ts';
import { batchRefusal, marginOrderEndpoints, orderEndpoints, orderRefusal } from './order-endpoints.ts';
import { publicEndpoints } from './public-endpoints.ts';
import { marketEntries, sessionEntries, subscriptionEntries } from './stream-entries.ts';

/** Everything that the venue says on the stream. */
export const streamEntries: readonly Entry[] = [
  ...sessionEntries,
  ...subscriptionEntries,
  ...marketEntries,
  ...updateEntries,
  ...replyEntries,
  ...answerEntries,
];

/** Everything that can be asked for. */
export const endpoints: readonly Endpoint[] = [
  ...publicEndpoints,
  ...accountEndpoints,
  ...orderEndpoints,
  ...marginOrderEndpoints,
];

/** Forms of refusals, by name. */
export const refusalForms: Readonly<Record<RefusalForm, Entry>> = {
  plain: plainRefusal,
  order: orderRefusal,
  batch: batchRefusal,
  crowd: crowdRefusal,
};

export { clientEntries, quietEntries } from './client-entries.ts';
export { anywhere };
