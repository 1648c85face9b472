import type { Frame, Place, StreamFilter } from '../../../contract.ts';
import { goTo } from '../../frame/route.ts';
import { html } from '../../html.ts';
import { Blank } from '../../parts/blank.ts';
import { Command } from '../../parts/command.ts';
import { format } from '../../parts/format.ts';
import { isEverything } from './readFilter.ts';

interface EmptyListProps {
  readonly place: Place;
  /** The last one with this filter; null before it has come. */
  readonly frame: Frame | null;
  readonly filter: StreamFilter;
}

/** Says what is empty, since when, that it works, and what to do next. */
export const EmptyList = ({ place, frame, filter }: EmptyListProps) => {
  if (frame === null) return null;
  if (!isEverything(filter)) {
    return html`<${Blank} title="No message fits the filter">
      <p>
        ${format.perSecond(frame.figures.published.perSecond)} messages a second arrive; none of the last
        10,000 ${sayFilter(filter)}.
      </p>
      <p><button type="button" onClick=${() => goTo('#stream')}>Clear the filter</button></p>
    <//>`;
  }
  return html`<${Blank} title=${`No message since ${format.time(place.startedAtMs)}`}>
    <p>Everything is ready. A message is listed here as soon as somebody publishes it.</p>
    <${Command} text="npx tally publish order examples/order.json" />
  <//>`;
};

const sayFilter = ({ text, topic, outcomes }: StreamFilter): string =>
  [
    topic === '' ? '' : `is of ${topic}`,
    outcomes.length === 0 ? '' : `has the outcome ${outcomes.join(' or ')}`,
    text === '' ? '' : `has “${text}”`,
  ]
    .filter((part) => part !== '')
    .join(', ');
