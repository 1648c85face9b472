import type { VNode } from 'preact';
import type { Frame, Place, StreamFilter, StreamRow, Sums } from '../contract.ts';

/** What the page knows of the server at this moment. */
export interface Live {
  /** `live`: frames come. `lost`: they do not, since `lostAtMs`. */
  readonly state: 'connecting' | 'live' | 'lost';
  /** When the last frame came, by the browser's clock, while the state is `lost`. */
  readonly lostAtMs: number | null;
  /** When the page asks for frames again, while the state is `lost`. */
  readonly retryAtMs: number | null;
  /** The last time without frames: from when to when, and how many messages were published in it. */
  readonly gap: Gap | null;
  /** The last frame; its numbers are shown with their time when the state is `lost`. */
  readonly frame: Frame | null;
  /** Frames that were drawn in the last second. */
  readonly drawnPerSecond: number;
  /** The newest 200 rows of the stream, newest first. While the page is paused, those of then. */
  readonly rows: readonly StreamRow[];
  /** How many rows came while the page is paused. */
  readonly heldRows: number;
  readonly sums: Sums | null;
  /** Why the sums could not be asked for; null when they could. `sums` are then the last ones. */
  readonly sumsProblem: string | null;
  readonly isPaused: boolean;
}

export interface Gap {
  readonly fromMs: number;
  readonly toMs: number;
  /** They are counted, not listed. Null: it cannot be known. */
  readonly published: number | null;
}

/** What a view may do to the page around it. The same object at every render. */
export interface PageActions {
  /** Freezes the rows, or lets them go on. Frames, counts and rates go on either way. */
  readonly togglePause: () => void;
  /** Which rows the server is to send, or undefined for all. The rows begin anew. */
  readonly setFilter: (filter: StreamFilter | undefined) => void;
  /** Asks for frames now, without waiting for the next try. */
  readonly tryNow: () => void;
  /** Asks for the sums now. */
  readonly askSums: () => void;
  /** Tells a screen reader how an act of the person ended. One sentence. Never for rows or figures. */
  readonly announce: (sentence: string) => void;
}

/** What a view gets each time it is drawn. */
export interface ViewProps {
  readonly place: Place;
  readonly live: Live;
  readonly actions: PageActions;
  /** The route behind the view's name: `#order/17` → `['17']`. */
  readonly path: readonly string[];
  /** What stands behind the `?` of the route, so that a link shows the same thing. */
  readonly query: URLSearchParams;
}

export type ViewComponent = (props: ViewProps) => VNode;

export interface View {
  /** The first part of the route, such as `dead-letters`. */
  readonly name: string;
  /** What the navigation calls it. */
  readonly title: string;
  /** Only in a local environment. */
  readonly isLocalOnly?: boolean;
  /** Fetches what draws it. The first view does not wait for the others. */
  readonly load: () => Promise<ViewComponent>;
}
