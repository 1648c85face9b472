import { useEffect, useState } from 'preact/hooks';
import { hrefTo } from '../../../frame/route.ts';
import { html } from '../../../html.ts';
import type { ViewProps } from '../../../view.ts';
import { Dots } from './dots.ts';
import { draw, type MapFigures } from './draw.ts';
import type { Drawing, MapEdge, MapLabel, MapNode } from './drawing.ts';

/** Below this the map turns upright. The same width as in overview.css. */
const NARROW = '(max-width: 900px)';

interface FlowMapProps {
  readonly view: Pick<ViewProps, 'place' | 'live'>;
  readonly figures: MapFigures;
}

/** The flow as a picture. Its parts are keyed, so a new frame changes attributes and draws nothing anew. */
export const FlowMap = ({ view: { place, live }, figures }: FlowMapProps) => {
  const kind = useNarrow() ? 'narrow' : 'wide';
  const drawing = draw(place.topology, figures, kind);
  const { width, height, heads, nodes, edges, cluster } = drawing;
  const areDotsOn = place.isLocal && live.state === 'live' && !live.isPaused;
  return html`<svg class=${kind} viewBox=${`0 0 ${width} ${height}`} role="group" aria-labelledby="h-flow">
    <defs>
      ${['', 'attn', 'bad'].map(
        (tone) =>
          html`<marker
            key=${tone}
            id=${`arrow-${tone}`}
            class=${tone}
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="8"
            markerHeight="8"
            markerUnits="userSpaceOnUse"
            orient="auto"
          >
            <path d="M0 .5 7.5 4 0 7.5z" />
          </marker>`,
      )}
    </defs>
    ${heads.map(({ x, text }) => html`<text key=${text} class="col" x=${x} y="14" aria-hidden="true">${text}</text>`)}
    <${Cluster} cluster=${cluster} />
    <g aria-hidden="true">${edges.map((edge) => html`<${Edge} key=${keyOf(edge)} edge=${edge} />`)}</g>
    ${
      areDotsOn && live.frame !== null
        ? html`<${Dots}
            rows=${live.rows}
            atMs=${live.frame.atMs}
            drawing=${drawing}
            topology=${place.topology}
          />`
        : null
    }
    <g aria-hidden="true">${edges.map((edge) => html`<${Labels} key=${keyOf(edge)} edge=${edge} />`)}</g>
    ${nodes.map((node) => html`<${Node} key=${node.name} node=${node} />`)}
  </svg>`;
};

const keyOf = ({ from, to }: MapEdge): string => `${from} ${to}`;

const useNarrow = (): boolean => {
  const [isNarrow, setNarrow] = useState(() => matchMedia(NARROW).matches);
  useEffect(() => {
    const query = matchMedia(NARROW);
    const onChange = () => setNarrow(query.matches);
    query.addEventListener('change', onChange);
    return () => query.removeEventListener('change', onChange);
  }, []);
  return isNarrow;
};

const Cluster = ({ cluster }: { readonly cluster: Drawing['cluster'] }) => html`
  <g>
    <rect
      class=${`grp ${cluster.tone}`}
      x=${cluster.x}
      y=${cluster.y}
      width=${cluster.width}
      height=${cluster.height}
    />
    <text class=${`l2 ${cluster.tone}`} x=${cluster.textX} y=${cluster.textY}>${cluster.text}</text>
  </g>
`;

/** 1 px for nothing, and 1 more for each power of ten. */
const strokeOf = (perSecond: number | null): number => 1 + Math.log10(1 + (perSecond ?? 0));

const Edge = ({ edge: { path, perSecond, tone } }: { readonly edge: MapEdge }) => {
  const width = strokeOf(perSecond);
  const isIdle = (perSecond ?? 0) === 0 && tone === '';
  return html`
    <path class="e halo" d=${path} stroke-width=${width + 5} />
    <path
      class=${`e ${isIdle ? 'idle' : ''} ${tone}`}
      d=${path}
      stroke-width=${width}
      marker-end=${`url(#arrow-${tone})`}
    />
  `;
};

const Labels = ({ edge: { labels, tone } }: { readonly edge: MapEdge }) =>
  labels.map((label, line) => html`<${Label} key=${line} label=${label} tone=${tone} />`);

/** A long label stands on the line itself, so the line must not run through it. */
const LONG = 6;
const CHARACTER_WIDTH = 5.5;

const Label = ({
  label: { x, y, text, anchor, isDim },
  tone,
}: {
  readonly label: MapLabel;
  readonly tone: string;
}) => {
  const width = text.length * CHARACTER_WIDTH + 8;
  return html`<g>
    ${
      anchor === 'middle' && text.length > LONG
        ? html`<rect class="lb" x=${x - width / 2} y=${y - 11} width=${width} height="15" />`
        : null
    }
    <text class=${`rate ${tone} ${isDim ? 'dim' : ''}`} x=${x} y=${y} text-anchor=${anchor}>${text}</text>
  </g>`;
};

const CLASSES: Readonly<Record<MapNode['kind'], string>> = {
  producer: 'fn',
  topic: '',
  subscription: '',
  function: 'fn',
  table: 'tb',
};

/** A hundred thousand that wait fill the bar. */
const BAR_POWERS = 5;

/** A node is a link to what it stands for. Its name is its two lines, so its figures are read out with it. */
const Node = ({ node }: { readonly node: MapNode }) => {
  const { name, kind, x, y, width, height, say, tone, link, waiting } = node;
  const hasSecondLine = height > 36 && say !== '';
  const bar = Math.min(width, (width * Math.log10(1 + waiting)) / BAR_POWERS);
  return html`<a
    href=${hrefTo(link.view, [], link.query)}
    aria-label=${say === '' ? name : `${name}: ${say}`}
  >
    <rect class=${`box ${CLASSES[kind]} ${tone}`} x=${x} y=${y} width=${width} height=${height} />
    <text
      class="nm"
      x=${x + (width < 160 && height < 44 ? 7 : 10)}
      y=${y + (hasSecondLine ? 18 : height / 2 + 4)}
      >${name}</text
    >${' '}
    <text class=${`l2 ${tone}`} x=${x + (width < 160 && height < 44 ? 7 : 10)} y=${y + 34}
      >${hasSecondLine ? say : ''}</text
    >
    <rect class=${`log ${tone}`} x=${x} y=${y + height - 4} width=${bar} height="4" />
  </a>`;
};
