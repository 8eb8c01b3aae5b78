import { expect, test } from 'vitest';
import { describeFaults } from '../src/index.ts';
import { openEvidence } from './evidence/evidence-stage.ts';
import { createWitness } from './evidence/witness.ts';

test('documented: while the queue of the engine is full, whoever would wait for a result has an Ack at once', async () => {
  const [kind] = describeFaults().filter(({ what }) => what.startsWith('the venue only acknowledges orders'));
  const stage = openEvidence(createWitness());
  await stage.offer('sell', '100', '0.0710');
  stage.inject(`${kind?.kind}@0+5`);
  for (const [respInst, id] of [
    ['ACCEPT', 'acked0001'],
    ['DONE', 'acked0002'],
  ] as const) {
    const { body } = await stage.place({ id, respInst, orderQty: '100' });
    expect(body).toMatchObject({ code: 0, data: { status: 'Ack', info: { id, orderType: 'Limit' } } });
    expect(stage.runtime.pending).not.toContain('order reply');
  }
  const query = { orderId: 'a19b76daa87bU0420042042acked0001' };
  const path = '/~/api/pro/v1/cash/order/status';
  expect((await stage.ask('GET', path, { query, prehash: 'order/status' })).body.data.status).toBe('Filled');
  await stage.pass(5_000);
  const { body } = await stage.place({ id: 'waits0001', respInst: 'ACCEPT', orderQty: '100' });
  expect(body.data.status).toBe('ACCEPT');
});
