"""A bot that takes a delivery's key in one unit of work and does what it asks for in the next: a kill must show it."""

from concurrent.futures import Future
from threading import Timer

from bot.answering import Answer, Turn
from bot.cli import main
from bot.dispatch import Act, Arrival, Dispatch
from bot.platforms.base import Incoming
from models.inbox import Delivery, find_delivery
from models.unit import Unit, put

LATER = 0.3


def _in_two_units(self: Dispatch, act: Act, incoming: Incoming, arrival: Arrival | None) -> "Future[Answer]":
    done: Future[Answer] = Future()
    event_id = self.new_id()

    def take(unit: Unit) -> Delivery | None:
        known = find_delivery(unit, incoming.platform, incoming.workspace, incoming.key)
        if known is None:
            put(unit, self._delivery(incoming, event_id))
            if arrival is not None:
                arrival(unit, event_id)
        return known

    def taken(first: "Future[Delivery | None]") -> None:
        known = first.result()
        if known is not None:
            done.set_result(Answer(known.event_id, repeated=True))
        else:
            Timer(LATER, act_later).start()

    def act_later() -> None:
        second = self.store.write(lambda unit: act(Turn(unit, event_id, incoming)))
        second.add_done_callback(lambda future: done.set_result(future.result()))

    self.store.write(take).add_done_callback(taken)
    return done


if __name__ == "__main__":
    Dispatch._store_write = _in_two_units  # type: ignore[method-assign]
    main()
