import { html } from '../html.ts';

interface ChoiceProps<Value extends string> {
  /** What is chosen, for a screen reader. */
  readonly label: string;
  readonly values: readonly Value[];
  readonly value: Value;
  readonly onChoose: (value: Value) => void;
}

/** One of a few, as buttons in a row. */
export const Choice = <Value extends string>({ label, values, value, onChoose }: ChoiceProps<Value>) => html`
  <span class="seg" role="group" aria-label=${label}>
    ${values.map(
      (one) =>
        html`<button
          key=${one}
          type="button"
          aria-pressed=${String(one === value)}
          onClick=${() => onChoose(one)}
        >
          ${one}
        </button>`,
    )}
  </span>
`;
