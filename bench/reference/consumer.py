"""The algorithm of the reference's consumers, for `npm run bench`: pull ten messages, handle one after the
other, acknowledge all ten. Tally's tables have the reference's columns, so it writes the same row.

Usage: consumer.py orders|payments. It reads the variables that Tally's functions read, and prints the number
of messages of each acknowledge.
"""

import json
import os
import sys

from cassandra.cluster import Cluster
from google.api_core import exceptions
from google.cloud import pubsub_v1

MESSAGES_PER_PULL = 10
PULL_TIMEOUT_SECONDS = 30

host, port = os.environ["CASSANDRA_CONTACT_POINTS"].split(":")
session = Cluster([host], port=int(port)).connect(os.environ["CASSANDRA_KEYSPACE"])
project = os.environ["GOOGLE_CLOUD_PROJECT"]
subscriber = pubsub_v1.SubscriberClient()
publisher = pubsub_v1.PublisherClient()
dead_letters = publisher.topic_path(project, "dlq_payments_data")

insert_order = session.prepare(
    "INSERT INTO orders_payments_facts (order_id, customer_id, item, quantity, price, shipping_address, "
    "order_status, creation_date, payment_id, payment_method, card_last_four, payment_status, "
    "payment_datetime) VALUES (?, ?, ?, ?, ?, ?, ?, ?, null, null, null, null, null)"
)
update_payment = session.prepare(
    "UPDATE orders_payments_facts SET payment_id = ?, payment_method = ?, card_last_four = ?, "
    "payment_status = ?, payment_datetime = ? WHERE order_id = ?"
)


def handle_order(order):
    session.execute(
        insert_order,
        (
            order["order_id"],
            order["customer_id"],
            order["item"],
            order["quantity"],
            order["price"],
            order["shipping_address"],
            order["order_status"],
            order["creation_date"],
        ),
    )


def handle_payment(payment):
    # The reference formats the id into the statement.
    query = f"SELECT order_id FROM orders_payments_facts WHERE order_id = {int(payment['order_id'])}"
    if session.execute(query).one() is None:
        publisher.publish(dead_letters, json.dumps(payment).encode())
        return
    session.execute(
        update_payment,
        (
            payment["payment_id"],
            payment["payment_method"],
            payment["card_last_four"],
            payment["payment_status"],
            payment["payment_datetime"],
            payment["order_id"],
        ),
    )


def main(stream):
    handle = {"orders": handle_order, "payments": handle_payment}[stream]
    subscription = subscriber.subscription_path(project, f"{stream}_data-sub")
    print("ready", flush=True)
    while True:
        try:
            response = subscriber.pull(
                request={"subscription": subscription, "max_messages": MESSAGES_PER_PULL},
                timeout=PULL_TIMEOUT_SECONDS,
            )
        except exceptions.DeadlineExceeded:
            continue
        received = response.received_messages
        for message in received:
            handle(json.loads(message.message.data))
        if received:
            ack_ids = [message.ack_id for message in received]
            subscriber.acknowledge(request={"subscription": subscription, "ack_ids": ack_ids})
            print(f"acknowledged {len(received)}", flush=True)


main(sys.argv[1])
