import { useRef, useState } from 'preact/hooks';
import type { StreamFilter, StreamRow } from '../../../contract.ts';
import { useKey } from '../../frame/keys.ts';
import { html } from '../../html.ts';
import { format } from '../../parts/format.ts';
import type { ViewProps } from '../../view.ts';
import { EmptyList } from './emptyList.ts';
import { MessageTable } from './messageTable.ts';
import { rowsOf } from './nextShown.ts';
import { useAtTop } from './useAtTop.ts';
import { useShown } from './useShown.ts';

export interface MessageListProps {
  readonly view: ViewProps;
  readonly filter: StreamFilter;
  readonly openKey: string | undefined;
  /** The row of the open message, as far as it is known. */
  readonly openRow: StreamRow | undefined;
}

/** Four screens of a laptop. What is drawn costs with every frame, and further down nobody looks for news. */
const DRAWN_ROWS = 100;
/** The height of a row, as in stream.css; on a narrow page they are higher. */
const ROW_PX = 27;

/** The rows, newest first. They stand still while somebody points at one, or has the focus in one. */
export const MessageList = ({ view, filter, openKey, openRow }: MessageListProps) => {
  const { live, place } = view;
  const pane = useRef<HTMLDivElement>(null);
  const isHovered = useRef(false);
  const areAllDrawn = useRef(false);
  const [, countDrawn] = useState(0);
  const drawAgain = (): void => countDrawn((count) => count + 1);
  const isAtTop = useAtTop(pane, drawAgain);
  // What the last frame said of another filter says nothing of this one.
  const frameBefore = useRef(live.frame);
  const isFree = (): boolean => !isHovered.current && !hasFocusInside(pane.current) && isAtTop.current;
  const { shown, showNew } = useShown(live, openRow, isFree);
  const toTop = (): void => {
    pane.current?.scrollTo({ top: 0 });
    if (pane.current !== null && pane.current.getBoundingClientRect().top < 0) scrollTo({ top: 0 });
    showNew();
    areAllDrawn.current = false;
    drawAgain();
  };
  const showOlder = (): void => {
    const links = pane.current?.getElementsByTagName('a');
    const next = links?.length ?? 0;
    areAllDrawn.current = true;
    drawAgain();
    // The button is gone then, and the first of the older rows stands where it was.
    requestAnimationFrame(() => links?.item(next)?.focus());
  };
  const all = rowsOf(shown);
  const isMoving = isFree();
  if (isMoving) areAllDrawn.current = false;
  const drawable = areAllDrawn.current ? all : all.slice(0, DRAWN_ROWS);
  // Each row that moves is painted anew, in sight or not. So the others are drawn when rows stand still.
  const rows = isMoving ? drawable.slice(0, rowsInSight()) : drawable;
  useKey('Home', toTop);
  return html`<div
    class="pane list scroll"
    ref=${pane}
    tabindex="0"
    role="region"
    aria-label="Messages, newest first"
    onFocusIn=${drawAgain}
    onPointerEnter=${({ pointerType }: PointerEvent) => {
      isHovered.current = pointerType === 'mouse';
      drawAgain();
    }}
    onPointerLeave=${() => {
      isHovered.current = false;
    }}
  >
    <${Newer} count=${shown.waiting} onClick=${toTop} />
    ${
      shown.known.size === 0 && shown.pinned === undefined
        ? html`<${EmptyList}
            place=${place}
            frame=${live.frame === frameBefore.current ? null : live.frame}
            filter=${filter}
          />`
        : html`<${MessageTable}
            rows=${rows}
            marks=${shown.marks}
            filter=${filter}
            openKey=${openKey}
            nowMs=${live.frame?.atMs ?? 0}
          />`
    }
    <div class="unseen" style=${`--rows: ${drawable.length - rows.length}`}></div>
    <${Older} count=${all.length - drawable.length} onClick=${showOlder} />
  </div>`;
};

interface MoreProps {
  readonly count: number;
  readonly onClick: () => void;
}

const Newer = ({ count, onClick }: MoreProps) =>
  count === 0
    ? null
    : html`<div class="newer">
        <button type="button" onClick=${onClick}>
          ${format.count(count)} new <kbd aria-hidden="true">Home</kbd>
        </button>
      </div>`;

const Older = ({ count, onClick }: MoreProps) =>
  count === 0
    ? null
    : html`<p class="older"><button type="button" onClick=${onClick}>Show ${count} older</button></p>`;

/** As many as the window has room for, and some. */
const rowsInSight = (): number => Math.ceil(innerHeight / ROW_PX) + 2;

const hasFocusInside = (pane: HTMLElement | null): boolean =>
  pane !== document.activeElement && pane?.contains(document.activeElement) === true;
