import { useState } from 'preact/hooks';
import { html } from '../html.ts';

type Copied = 'no' | 'yes' | 'refused';

const WORDS: Readonly<Record<Copied, string>> = { no: 'Copy', yes: 'Copied', refused: 'Select it and copy' };

/** The command that does the same, with a button that copies it. `isQuery`: it is no command of a shell. */
export const Command = ({ text, isQuery = false }: { readonly text: string; readonly isQuery?: boolean }) => {
  const [copied, setCopied] = useState<Copied>('no');
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setCopied('yes'),
      // The browser may forbid it. The text can be selected all the same.
      () => setCopied('refused'),
    );
  return html`<div class="cmd ${isQuery ? 'q' : ''}">
    <code>${text}</code
    ><button type="button" onClick=${copy} onBlur=${() => setCopied('no')}>${WORDS[copied]}</button>
  </div>`;
};
