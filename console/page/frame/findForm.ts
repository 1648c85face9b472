import { useRef, useState } from 'preact/hooks';
import type { FindAnswer } from '../../contract.ts';
import { problemOf } from '../api.ts';
import { findPlaces } from '../findPlaces.ts';
import { html } from '../html.ts';
import type { PageActions } from '../view.ts';
import { useKey } from './keys.ts';
import { goTo } from './route.ts';

type Found =
  | { readonly kind: 'nothing asked' }
  | { readonly kind: 'several'; readonly places: FindAnswer['places'] }
  | { readonly kind: 'none'; readonly why: string };

const NOTHING_ASKED: Found = { kind: 'nothing asked' };

/**
 * One field for every id. One place is shown at once; several are listed below the field; none is said there.
 */
export const FindForm = ({ announce }: Pick<PageActions, 'announce'>) => {
  const input = useRef<HTMLInputElement>(null);
  const [found, setFound] = useState<Found>(NOTHING_ASKED);
  const close = (): void => setFound(NOTHING_ASKED);
  useKey('/', () => input.current?.select());

  const find = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const text = input.current?.value.trim() ?? '';
    if (text === '') return;
    const next = await ask(text);
    const [only, ...others] = next.kind === 'several' ? next.places : [];
    if (only !== undefined && others.length === 0) {
      close();
      goTo(only.href);
      return;
    }
    setFound(next);
    announce(next.kind === 'none' ? next.why : `${others.length + 1} places.`);
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
    ${found.kind === 'nothing asked' ? null : html`<${Places} found=${found} onGo=${close} />`}
  </form>`;
};

interface PlacesProps {
  readonly found: Exclude<Found, { kind: 'nothing asked' }>;
  readonly onGo: () => void;
}

const Places = ({ found, onGo }: PlacesProps) => html`
  <div class="found">
    ${
      found.kind === 'none'
        ? html`<p>${found.why}</p>`
        : html`<ul>
            ${found.places.map(
              ({ href, what }) => html`<li key=${href}><a href=${href} onClick=${onGo}>${what}</a></li>`,
            )}
          </ul>`
    }
  </div>
`;

const ask = async (text: string): Promise<Found> => {
  try {
    const { places, looked } = await findPlaces(text);
    return places.length === 0
      ? { kind: 'none', why: `Nothing is called ${text}. ${looked}` }
      : { kind: 'several', places };
  } catch (error) {
    return { kind: 'none', why: problemOf(error) };
  }
};
