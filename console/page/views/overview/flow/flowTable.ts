import { useState } from 'preact/hooks';
import type { Topology } from '../../../../contract.ts';
import { html } from '../../../html.ts';
import { format } from '../../../parts/format.ts';
import { draw, type MapFigures } from './draw.ts';

interface FlowTableProps {
  readonly topology: Topology;
  readonly figures: MapFigures;
}

/** The figures of the map for everybody: what leads where, how much, and what each part says. */
export const FlowTable = (props: FlowTableProps) => {
  const [isOpen, setOpen] = useState(false);
  return html`<details
    class="as-table"
    onToggle=${({ currentTarget }: { currentTarget: HTMLDetailsElement }) => setOpen(currentTarget.open)}
  >
    <summary>as a table</summary>
    ${isOpen ? html`<${OpenTable} ...${props} />` : null}
  </details>`;
};

const OpenTable = ({ topology, figures }: FlowTableProps) => {
  const { edges, nodes } = draw(topology, figures, 'wide');
  const sayOf = (name: string): string => nodes.find((node) => node.name === name)?.say ?? '';
  return html`<table class="rows">
    <caption class="sr">
      The flow, messages a second
    </caption>
    <thead>
      <tr>
        <th scope="col">From</th>
        <th scope="col">To</th>
        <th scope="col" class="num">A second</th>
        <th scope="col">State</th>
      </tr>
    </thead>
    <tbody>
      ${edges.map(
        ({ from, to, perSecond }) =>
          html`<tr key=${`${from} ${to}`}>
            <td><code>${from}</code></td>
            <td><code>${to}</code></td>
            <td class="num">${format.perSecond(perSecond)}</td>
            <td class="fill">${sayOf(to)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
};
