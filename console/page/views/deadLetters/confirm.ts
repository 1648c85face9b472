import type { Place } from '../../../contract.ts';
import { html } from '../../html.ts';
import { Field } from '../../parts/field.ts';
import { format } from '../../parts/format.ts';

/** As the server has it: above so many, and beyond this machine, a person types the number. */
const UNCONFIRMED_MAX = 1_000;

export const mustConfirm = ({ isLocal }: Place, count: number): boolean =>
  !isLocal || count > UNCONFIRMED_MAX;

interface ConfirmProps {
  readonly count: number;
  readonly typed: string;
  readonly problem: string | undefined;
  readonly onTyped: (typed: string) => void;
}

/** Many, or beyond this machine: the number is typed before the button works. */
export const Confirm = ({ count, typed, problem, onTyped }: ConfirmProps) => html`
  <${Field}
    id="confirm"
    label=${`type ${count}`}
    value=${typed}
    problem=${problem}
    hint=${`above ${format.count(UNCONFIRMED_MAX)}, and where this is not a local system`}
    isNumber=${true}
    onValue=${onTyped}
  />
`;
