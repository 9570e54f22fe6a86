"""Bots that write while something else goes on."""

import threading
from contextlib import contextmanager


@contextmanager
def meanwhile(deployment, *asked):
    """Each of `asked` is called again and again with a bot's client, in a thread of its own; the answers so far."""
    answers, enough = [], threading.Event()

    def go_on(ask):
        with deployment.client(headers=deployment.bot) as client:
            while not enough.is_set():
                answers.append(ask(client))

    threads = [threading.Thread(target=go_on, args=(each,)) for each in asked]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        enough.set()
        for thread in threads:
            thread.join()
