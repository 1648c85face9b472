/** How sure a part can be looked at: nothing, or that it asks for a person, or that it is broken now. */
export type MapTone = '' | 'attn' | 'bad';

export interface MapNode {
  readonly name: string;
  readonly kind: 'producer' | 'topic' | 'subscription' | 'function' | 'table';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Its second line. */
  readonly say: string;
  readonly tone: MapTone;
  /** Where it leads: a view, and what stands in its query. */
  readonly link: { readonly view: string; readonly query?: Readonly<Record<string, string>> };
  /** How many messages wait: a logarithmic bar. */
  readonly waiting: number;
}

export interface MapLabel {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly isDim: boolean;
}

/** What leads from one node to another. */
export interface MapEdge {
  readonly from: string;
  readonly to: string;
  /** A path of SVG. */
  readonly path: string;
  /** Null: nobody knows. */
  readonly perSecond: number | null;
  readonly tone: MapTone;
  readonly labels: readonly MapLabel[];
}

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly heads: readonly { readonly x: number; readonly text: string }[];
  readonly nodes: readonly MapNode[];
  readonly edges: readonly MapEdge[];
  /** The tables are in one cluster. */
  readonly cluster: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
    readonly textX: number;
    readonly textY: number;
    readonly text: string;
    readonly tone: MapTone;
  };
}

/** Where a node stands. The texts in it come from the figures. */
export type Place = Pick<MapNode, 'x' | 'y' | 'width' | 'height'>;

/** Where things stand in one layout. Made from the topology alone, so it changes only with it. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly heads: Drawing['heads'];
  readonly places: ReadonlyMap<string, Place>;
  /** Path and labels by `from → to`. A label has no text yet. */
  readonly ways: ReadonlyMap<string, Way>;
  readonly cluster: Omit<Drawing['cluster'], 'text' | 'tone'>;
}

export interface Way {
  readonly path: string;
  /** Where the rate stands; undefined: it is said elsewhere. */
  readonly label?: Omit<MapLabel, 'text' | 'isDim'> | undefined;
  /** Several rates stand below each other, not beside each other. */
  readonly isStacked?: boolean;
}

export const wayKey = (from: string, to: string): string => `${from} → ${to}`;
