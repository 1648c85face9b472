import type { ComponentChildren, VNode } from 'preact';
import type { Notice, Place } from '../../contract.ts';
import { html } from '../html.ts';
import { format } from '../parts/format.ts';
import { Mark } from '../parts/mark.ts';
import { useNow } from '../parts/useNow.ts';
import type { Live, PageActions } from '../view.ts';

interface StripsProps {
  readonly place: Place;
  readonly live: Live;
  readonly actions: Pick<PageActions, 'tryNow'>;
}

/** At most one strip: the worst. How many others there are is said in it. */
export const Strips = ({ place, live, actions }: StripsProps) => {
  const notices = live.frame?.notices ?? [];
  const [worst] = notices;
  const isLost = live.state === 'lost';
  const others = isLost ? notices.length : notices.length - 1;
  const more = others > 0 ? html`<span class="quiet">+${others}</span>` : null;
  return html`<div class="strips" role="region" aria-label="Notices">
    ${
      isLost
        ? html`<${LostStrip} live=${live} actions=${actions} more=${more} />`
        : worst === undefined
          ? null
          : html`<${NoticeStrip} notice=${worst} isLocal=${place.isLocal} more=${more} />`
    }
  </div>`;
};

const LostStrip = ({ live, actions, more }: Omit<StripsProps, 'place'> & { readonly more: VNode | null }) => {
  const now = useNow();
  const { lostAtMs, retryAtMs, frame } = live;
  const since = frame === null ? '' : `Everything below is from ${format.time(lostAtMs)}, `;
  return html`<div class="strip attn-s">
    <${Mark} shape="retry" look="word"><b>Not live</b><//>
    <span
      >The console server at ${location.host} does not answer. ${since}${format.age(now - (lostAtMs ?? now))}
      ${frame === null ? '' : ' ago'}. The pipeline itself may be fine.</span
    >${more}
    <span class="act"
      ><span>again in ${format.age(Math.max(0, (retryAtMs ?? now) - now) + 999)}</span
      ><button type="button" onClick=${actions.tryNow}>Try now</button></span
    >
  </div>`;
};

interface NoticeStripProps {
  readonly notice: Notice;
  readonly isLocal: boolean;
  readonly more: ComponentChildren;
}

const LOOKS = {
  cassandra: { look: 'bad-s', shape: 'bad', title: 'Cassandra does not answer', act: 'Start Cassandra' },
  rates: { look: 'attn-s', shape: 'attn', title: 'Rates are not known', act: undefined },
  faults: { look: 'attn-s', shape: 'attn', title: 'Faults are on', act: 'Turn them off' },
  memory: { look: 'attn-s', shape: 'attn', title: 'No Cassandra', act: undefined },
} as const satisfies Record<Notice['kind'], object>;

const NoticeStrip = ({ notice: { kind, sinceMs, text }, isLocal, more }: NoticeStripProps) => {
  const { look, shape, title, act } = LOOKS[kind];
  return html`<div class="strip ${look}">
    <${Mark} shape=${shape} look="word"><b>${title}</b><//>
    <span title=${`since ${format.time(sinceMs)}`}>${text}</span>${more}
    ${
      act !== undefined && isLocal
        ? html`<span class="act"><a class="btn" href="#faults">${act}</a></span>`
        : null
    }
  </div>`;
};
