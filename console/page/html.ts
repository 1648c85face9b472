import htm from 'htm';
import { h, type VNode } from 'preact';

/** Markup as a template. Texts in it are texts: nothing that came in a message becomes markup. */
export const html = htm.bind(h) as (strings: TemplateStringsArray, ...values: readonly unknown[]) => VNode;
