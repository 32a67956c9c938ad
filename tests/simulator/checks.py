"""What must hold after every step, and what must hold when everything has come to rest."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.audit import GENESIS, AuditRow
from models.inbox import Delivery, Outcome
from models.outbox import OutboxState, Post
from models.reconcile import differences
from tests.simulator.company import PLATFORM, WORKSPACE
from tests.simulator.people import Act

_TWICE = {
    "a slot or timer was audited twice": "SELECT action, subject, facts FROM audit WHERE action LIKE 'job.%' "
    "GROUP BY action, subject, json_extract(facts, '$.due_at') HAVING count(*) > 1",
    "an account was reported twice": "SELECT account.name FROM deal JOIN account ON account.id = deal.account_id "
    "GROUP BY account.id HAVING count(*) > 1",
    "one delivery reported two deals": "SELECT event_id FROM deal_entry WHERE event_id IS NOT NULL AND kind = 'logged' "
    "GROUP BY event_id HAVING count(*) > 1",
    "a request was decided twice": "SELECT request_id FROM decision GROUP BY request_id HAVING count(*) > 1",
}
_MISSING = {
    "a deal came from a delivery that was not taken": "SELECT event_id FROM deal_entry WHERE event_id IS NOT NULL "
    "AND event_id NOT IN (SELECT event_id FROM inbox)",
    "an effect has no audit row": "SELECT event_id FROM deal_entry WHERE event_id IS NOT NULL "
    "AND event_id NOT IN (SELECT event_id FROM audit)",
    "a slot that was run has no audit row": "SELECT 1 FROM (SELECT count(*) AS n FROM slot_run) AS runs, "
    "(SELECT count(*) AS n FROM audit WHERE action = 'job.standup') AS told WHERE runs.n <> told.n",
    "a message was said for nothing": "SELECT id FROM outbox WHERE event_id NOT IN (SELECT event_id FROM audit)",
}


class Checks:
    """Looks at the rows; remembers how far the audit chain was walked."""

    def __init__(self) -> None:
        self._seq, self._hash = 0, GENESIS

    def after_step(self, session: Session, acts: Sequence[Act]) -> Iterator[str]:
        """What is wrong with the rows now."""
        yield from self._chain(session)
        for why, query in (*_TWICE.items(), *_MISSING.items()):
            for found in session.connection().execute(text(query)):
                yield f"{why}: {tuple(found)}"
        for key, kept, summed in differences(session):
            yield f"a kept total is {kept} and its deals are {summed}: {key}"
        taken = session.exec(select(Delivery).where(Delivery.platform == PLATFORM))
        rows: dict[str, Delivery] = {}
        for delivery in taken:
            if rows.setdefault(delivery.key.split()[0], delivery) is not delivery:
                yield f"{delivery.key} was taken twice"
        minors = _logged(session)
        for act in acts:
            row = rows.get(act.incoming.key)
            if act.is_taken and (row is None or row.outcome is Outcome.FAILED):
                yield f"{act.incoming.key} was acknowledged and is not there"
            if act.is_taken and act.account and row is not None and row.outcome is Outcome.DONE:
                kept_as = minors.get(row.event_id)
                if kept_as != (act.account, act.minor):
                    yield f"{act.incoming.key} reported {act.account} {act.minor}, kept was {kept_as}"

    def at_rest(self, session: Session, acts: Sequence[Act], arrived: Mapping[int, list[bool]]) -> Iterator[str]:
        """What is wrong once nothing is under way."""
        for act in acts:
            if not act.is_taken:
                yield f"{act.incoming.key} was never taken"
        posts = session.exec(select(Post).order_by(col(Post.id))).all()
        for post in posts:
            if post.state is OutboxState.SENT and post.message_id and not arrived.get(post.id or 0):
                yield f"post {post.id} counts as sent and never arrived"
            if post.state is OutboxState.DEAD:
                yield f"post {post.id} was given up: {post.error}"
        answered = {post.event_id for post in posts}
        for row in session.exec(select(Delivery).where(Delivery.workspace == WORKSPACE)):
            if row.outcome in (Outcome.FAILED, Outcome.SET_ASIDE):
                yield f"{row.key} was set aside or failed: {row.error}"
            elif row.outcome is Outcome.DONE and row.event_id not in answered:
                yield f"{row.key} was done and not answered"

    def faces(self, session: Session, shown: Mapping[int, int]) -> Iterator[str]:
        """Which message does not show its newest face; `shown` are the faces that stand in the chat, by the first."""
        newest: dict[int, int] = {}
        for post in session.exec(select(Post).where(Post.state == OutboxState.SENT).order_by(col(Post.id))):
            newest[post.edits or post.id or 0] = post.id or 0
        for first, number in newest.items():
            if shown.get(first, number) != number:
                yield f"post {first} shows {shown[first]}, its newest face is {number}"

    def _chain(self, session: Session) -> Iterator[str]:
        for row in session.exec(select(AuditRow).where(col(AuditRow.seq) > self._seq).order_by(col(AuditRow.seq))):
            if (row.seq, row.previous, row.hash) != (self._seq + 1, self._hash, row.expected_hash()):
                yield f"the audit chain breaks at {row.seq}"
            self._seq, self._hash = row.seq, row.hash


def _logged(session: Session) -> dict[str, tuple[str, int]]:
    """Which account and amount each delivery reported, by its event."""
    query = (
        "SELECT e.event_id, account.name, json_extract(e.after, '$.amount_minor') FROM deal_entry AS e "
        "JOIN deal ON deal.id = e.deal_id JOIN account ON account.id = deal.account_id "
        "WHERE e.kind = 'logged' AND e.event_id IS NOT NULL"
    )
    return {event: (name, minor) for event, name, minor in session.connection().execute(text(query))}
