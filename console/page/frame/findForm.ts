import { useRef, useState } from 'preact/hooks';
import { findPlaces, type Found } from '../findPlaces.ts';
import { html } from '../html.ts';
import type { PageActions } from '../view.ts';
import { useKey } from './keys.ts';
import { goTo } from './route.ts';

/**
 * One field for every id. One place is shown at once; several are listed below the field; none is said there.
 */
export const FindForm = ({ announce }: Pick<PageActions, 'announce'>) => {
  const input = useRef<HTMLInputElement>(null);
  const [found, setFound] = useState<Found | null>(null);
  const close = (): void => setFound(null);
  useKey('/', () => input.current?.select());

  const find = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const text = input.current?.value.trim() ?? '';
    if (text === '') return;
    const next = await findPlaces(text);
    const [only, ...others] = next.places;
    if (only !== undefined && others.length === 0) {
      close();
      goTo(only.href);
      return;
    }
    setFound(next);
    announce(only === undefined ? next.why : `${others.length + 1} places.`);
  };

  return html`<form
    role="search"
    onSubmit=${find}
    onKeyDown=${({ key }: KeyboardEvent) => key === 'Escape' && close()}
  >
    <label class="sr" for="find">Find an order, payment, event or message</label>
    <input
      id="find"
      ref=${input}
      type="search"
      placeholder=${matchMedia('(max-width: 760px)').matches ? 'Find an id' : 'Order, payment or event id'}
      autocomplete="off"
      spellcheck=${false}
      onInput=${close}
    /><kbd aria-hidden="true">/</kbd>
    ${found === null ? null : html`<${Places} found=${found} onGo=${close} />`}
  </form>`;
};

interface PlacesProps {
  readonly found: Found;
  readonly onGo: () => void;
}

const Places = ({ found, onGo }: PlacesProps) => html`
  <div class="found">
    ${
      found.places.length === 0
        ? html`<p>${found.why}</p>`
        : html`<ul>
            ${found.places.map(
              ({ href, what }) => html`<li key=${href}><a href=${href} onClick=${onGo}>${what}</a></li>`,
            )}
          </ul>`
    }
  </div>
`;
