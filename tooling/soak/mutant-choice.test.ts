import { expect, test } from 'vitest';
import { chosenMutants } from './mutant-choice.ts';

const mutant = (name: string, simulation?: string) => {
  const text = { name, file: 'f', find: 'a', replace: 'b', about: 'm' };
  return simulation === undefined ? text : { ...text, simulation };
};
const mutants = [mutant('one', 'books'), mutant('two'), mutant('three', 'orders')];

test('tries a simulation with all mutants but those of others', () => {
  const names = (simulation: string): readonly string[] =>
    chosenMutants(mutants, 'all', simulation).map(({ name }) => name);
  expect(names('books')).toEqual(['one', 'two']);
  expect(names('orders')).toEqual(['two', 'three']);
});

test('refuses a mutant of another simulation, and a simulation without any', () => {
  expect(chosenMutants(mutants, 'one', 'books')).toHaveLength(1);
  expect(() => chosenMutants(mutants, 'one', 'orders')).toThrow(
    'expected a mutant of orders, got one of books',
  );
  expect(() => chosenMutants(mutants.slice(0, 1), 'all', 'orders')).toThrow(
    'expected mutants of orders, got none',
  );
});
