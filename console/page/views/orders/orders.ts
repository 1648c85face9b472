import { html } from '../../html.ts';
import type { ViewProps } from '../../view.ts';
import { ChooseOrder } from './chooseOrder.ts';
import { OrderPage } from './orderPage.ts';

export const Orders = ({ path: [orderId], live, actions }: ViewProps) =>
  orderId === undefined
    ? html`<${ChooseOrder} live=${live} />`
    : html`<${OrderPage} key=${orderId} orderId=${orderId} live=${live} actions=${actions} />`;
