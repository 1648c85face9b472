import { useEffect, useRef } from 'preact/hooks';
import { html } from '../../html.ts';
import { fieldId } from './fieldId.ts';

interface ProblemListProps {
  readonly title: string;
  /** By field. A name that is no field of the form is said with its sentence. */
  readonly fields: Readonly<Record<string, string>>;
  readonly known: readonly string[];
}

/** What is wrong with a form. It takes the focus when it appears, and leads to the fields. */
export const ProblemList = ({ title, fields, known }: ProblemListProps) => {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), [fields]);
  return html`<div class="errs" role="alert" tabindex="-1" ref=${box}>
    <b class="bad">${title}</b>
    <ul>
      ${Object.entries(fields).map(([name, what]) =>
        known.includes(name)
          ? html`<li key=${name}><a href="#send" onClick=${go(name)}>${name}</a></li>`
          : html`<li key=${name}>${name}: ${what}</li>`,
      )}
    </ul>
  </div>`;
};

const go = (name: string) => (event: Event) => {
  event.preventDefault();
  document.getElementById(fieldId(name))?.focus();
};
