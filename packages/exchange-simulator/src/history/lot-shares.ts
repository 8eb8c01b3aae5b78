/**
 * Divides lots in proportion to weights into whole shares that add up to them. The shares up to a part are rounded down together, so
 * that none is lost; a part without weight gets nothing.
 * @param weights from 0 up, and at least one above 0.
 */
export function shareLots(lots: number, weights: Float64Array): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let weight = 0;
  let given = 0;
  return weights.map((each) => {
    weight += each;
    const due = weight >= total ? lots : Math.min(lots, Math.floor(lots * (weight / total)));
    const share = due - given;
    given = due;
    return share;
  });
}
