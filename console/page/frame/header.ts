import type { Place } from '../../contract.ts';
import { html } from '../html.ts';
import { format } from '../parts/format.ts';
import { Icon } from '../parts/icon.ts';
import { memo } from '../parts/memo.ts';
import type { Live, PageActions, View } from '../view.ts';
import { FindForm } from './findForm.ts';
import { ThemeButton } from './themeButton.ts';

interface HeaderProps {
  readonly place: Place;
  readonly views: readonly View[];
  readonly current: View;
  readonly sums: Live['sums'];
  /** As `sumsFrom` says it. */
  readonly from: string | undefined;
  readonly actions: PageActions;
  readonly onKeys: () => void;
}

/** The mark, the environment, the views, the field that finds, the theme and the keys. */
export const Header = memo(
  ({ place, views, current, sums, from, actions, onKeys }: HeaderProps) => html`
    <header class="top">
      <a class="brand" href="#overview"><${Icon} shape="mark" class="" />Tally</a>
      <span
        class="env ${place.isLocal ? '' : 'far'}"
        title=${`project ${place.project}, keyspace ${place.keyspace}, cluster ${place.cluster}`}
        ><span class="sr">Environment: </span>${place.environment}</span
      >
      <nav class="nav" aria-label="Views">
        ${views.map(
          ({ name, title }) =>
            html`<a key=${name} href=${`#${name}`} aria-current=${name === current.name ? 'page' : undefined}
              >${title}${name === 'dead-letters' ? html`<${NeedsPerson} sums=${sums} from=${from} />` : null}</a
            >`,
        )}
      </nav>
      <${FindForm} announce=${actions.announce} />
      <div class="tools">
        <${ThemeButton} />
        <button class="bare hide-n" type="button" onClick=${onKeys}>Keys</button>
      </div>
    </header>
  `,
);

const NeedsPerson = ({ sums, from }: Pick<HeaderProps, 'sums' | 'from'>) => {
  const count = sums?.needsPerson.reduce((total, { open }) => total + open, 0) ?? 0;
  if (count === 0) return null;
  const said = ` need a person${from === undefined ? '' : `, ${from}`}`;
  return html`<span class="n attn" title=${from}
    >${format.count(count)}<span class="sr">${said}</span></span
  >`;
};
