import { html } from '../../html.ts';
import type { View, ViewProps } from '../../view.ts';
import { ChooseOrder } from './chooseOrder.ts';
import { OrderPage } from './orderPage.ts';

const Orders = ({ path: [orderId], live, actions }: ViewProps) =>
  orderId === undefined
    ? html`<${ChooseOrder} live=${live} />`
    : html`<${OrderPage} key=${orderId} orderId=${orderId} live=${live} actions=${actions} />`;

export const orders: View = { name: 'order', title: 'Orders', Component: Orders };
