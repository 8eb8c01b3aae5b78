import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SlotLinks, type SlotRow } from './slot-links.ts';

const rowCount = 3;

test('rows are what lists are, whatever is put behind them and taken out', () => {
  const step = fc.record({ slot: fc.integer({ min: 1, max: 150 }), row: fc.nat(rowCount - 1) });
  fc.assert(
    fc.property(fc.array(step, { minLength: 100, maxLength: 500, size: 'max' }), (steps) => {
      const links = new SlotLinks();
      const rows = Array.from({ length: rowCount }, (): SlotRow => ({ first: 0, last: 0 }));
      const lists = rows.map((): number[] => []);
      for (const { slot, row } of steps) {
        const at = lists.findIndex((list) => list.includes(slot));
        if (at < 0) {
          links.append(rows[row] as SlotRow, slot);
          lists[row]?.push(slot);
        } else {
          links.remove(rows[at] as SlotRow, slot);
          lists[at] = (lists[at] ?? []).filter((other) => other !== slot);
        }
      }
      expect(rows.map((row) => slotsOf(links, row))).toEqual(lists);
      expect(rows.map(({ last }) => last)).toEqual(lists.map((list) => list.at(-1) ?? 0));
    }),
  );
});

function slotsOf(links: SlotLinks, { first }: SlotRow): number[] {
  const slots: number[] = [];
  for (let slot = first; slot !== 0; slot = links.behind(slot)) slots.push(slot);
  return slots;
}
