/** Turns decimal text into whole steps of a grid, for example ticks. */
export interface GridNumber {
  /** Text of the step, for messages. */
  readonly step: string;
  /** Nearest whole number of steps, halves up; `undefined` if the text is no decimal from 0 up or there are too many steps. */
  read(text: string): number | undefined;
}

/** Digits with or without a point, and perhaps an exponent, as programs write very small numbers. */
const decimalText = /^(\d{1,40})(?:\.(\d{0,40}))?(?:[eE]([+-]?\d{1,2}))?$/;

interface Scaled {
  readonly digits: bigint;
  /** The value is `digits` times ten to the power of this. */
  readonly exponent: number;
}

/** The grid of a step such as `0.01`; `undefined` if the text is no decimal above 0. */
export function createGridNumber(step: string): GridNumber | undefined {
  const unit = scaledOf(step);
  if (unit === undefined || unit.digits === 0n) return undefined;
  return {
    step,
    read(text) {
      const value = scaledOf(text);
      if (value === undefined) return undefined;
      const shift = value.exponent - unit.exponent;
      const [dividend, divisor] =
        shift >= 0
          ? [value.digits * 10n ** BigInt(shift), unit.digits]
          : [value.digits, unit.digits * 10n ** BigInt(-shift)];
      const steps = Number((2n * dividend + divisor) / (2n * divisor));
      return Number.isSafeInteger(steps) ? steps : undefined;
    },
  };
}

function scaledOf(text: string): Scaled | undefined {
  const [, whole, fraction = '', exponent = '0'] = decimalText.exec(text) ?? [];
  if (whole === undefined) return undefined;
  return { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length };
}
