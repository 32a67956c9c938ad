"""What a handler or a job is handed: the rows, the clock, ids, and ways to say something.

Nothing here sends or commits: posts become outbox rows and `audit` facts become one row in the same unit of work.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from models.channels import Channel, ChannelKind, direct_channel
from models.claims import Claim
from models.databases import insert_once
from models.help import Capability
from models.message import Message
from models.money import Money
from models.outbox import Post, showing, stored
from models.people import Person
from models.ranks import Duty
from models.regions import Region
from models.schedules import Timer, TimerState, local_day
from models.text import Text
from models.unit import Unit, put


class UserError(Exception):
    """Something that the asker can put right; carries the sentence that they will read.

    With `field` it is about one field of the intent: the form comes back with the sentence beside it.
    """

    def __init__(self, text: Text, field: str | None = None) -> None:
        super().__init__(text.template)
        self.text, self.field = text, field


@dataclass(frozen=True, slots=True)
class Reply:
    """What a handler answers: a message in the place where it was asked, and perhaps one that only the asker sees.

    `card` names what the message shows; `subject` and `facts` go to the audit log (ids and figures, no names, no text).
    `private` keeps the first message from the others in a channel. `action` is what was done, where that is not what
    the command is for: the audit log must not say that something was done that was not.
    """

    message: Message | None = None
    only_you: Message | None = None
    card: str | None = None
    subject: str = "-"
    facts: dict[str, object] = field(default_factory=dict)
    private: bool = False
    action: str | None = None


@dataclass
class Context:
    """One unit of work, asked for by the clock or (see Asked) by a person."""

    session: Unit
    now: datetime
    event_id: str
    new_id: Callable[[], str]
    touched: set[str] = field(default_factory=set)
    redrawn: dict[int, Message] = field(default_factory=dict)

    def post(
        self,
        channel_id: str,
        message: Message,
        *,
        card: str | None = None,
        thread: str | None = None,
        thread_post: int | None = None,
        visible_to: str | None = None,
        unasked: bool | None = None,
    ) -> Post:
        """Put a message into the outbox of a channel.

        It counts against the readers' noise budget (`unasked`) unless it is said in the very place where it was asked
        for; whoever calls others in that place, or answers in another one, says so.
        """
        row = Post(
            event_id=self.event_id, channel_id=channel_id, thread=thread, thread_post=thread_post,
            visible_to=visible_to, card=card,
            unasked=not self._was_asked_in(channel_id) if unasked is None else unasked, body=stored(message),
            created_at=self.now, next_try_at=self.now, sender=self.session.process,
        )  # fmt: skip
        self.touched.add(channel_id)
        if row.sender is None:
            self.session.topics.add(str(Post.__tablename__))  # so that one of the processes sends it at once
        return put(self.session, row)

    def _was_asked_in(self, channel_id: str) -> bool:  # noqa: ARG002  the clock speaks unasked everywhere
        return False

    def tell(
        self, person_id: str, message: Message, *, card: str | None = None, unasked: bool | None = None
    ) -> Post | None:
        """Say something in a person's direct chat; nothing when they have none."""
        channel = direct_channel(self.session, person_id)
        return None if channel is None else self.post(channel.id, message, card=card, unasked=unasked)

    def redraw(self, card: str, message: Message) -> list[Post]:
        """Give every post of a card a new face, but for chats that are nobody's any more; returns the posts."""
        posts = [post for post in showing(self.session, card) if not self._is_nobodys(post.channel_id)]
        for post in posts:
            self.replace(post, message)
        return posts

    def redraw_for(self, people: Collection[str], card: str, message: Message, others: Message) -> None:
        """Give a card that single persons see a new face: these people one, and whoever else has it another."""
        for post in showing(self.session, card):
            reader = post.visible_to or self.session.get_one(Channel, post.channel_id).person_id
            if reader is not None:
                self.replace(post, message if reader in people else others)

    def _is_nobodys(self, channel_id: str) -> bool:
        channel = self.session.get_one(Channel, channel_id)
        return channel.kind is ChannelKind.DIRECT and channel.person_id is None

    def replace(self, post: Post, message: Message) -> None:
        """Give one post a new face."""
        first = post.edits or post.id or 0
        edit = Post(
            event_id=self.event_id, channel_id=post.channel_id, visible_to=post.visible_to, edits=first,
            card=post.card, unasked=not self._was_asked_in(post.channel_id), body=stored(message),
            created_at=self.now, next_try_at=self.now, sender=self.session.process,
        )  # fmt: skip
        put(self.session, edit)
        self.touched.add(post.channel_id)
        self.redrawn[first] = message

    def plan(self, job: str, subject: str, due_at: datetime) -> None:
        """Set a timer; the same job for the same subject and instant is one timer."""
        timer = {"job": job, "subject": subject, "due_at": due_at, "state": TimerState.WAITING}
        insert_once(self.session, Timer, timer)


@dataclass
class Asked(Context):
    """A unit of work that a person asked for, with who they are and where they spoke.

    `link_address` begins an address that links an account with one tap: a code follows it. `app_name` is what the bot
    is called where people find it among their apps. `alike` gives the known customers, of any region, whose names look
    like one, the nearest first: a hint, since what was reported a moment ago may not be among them.
    """

    person: Person = field(kw_only=True)
    duties: frozenset[Duty] = field(kw_only=True)
    region: Region | None = field(kw_only=True)
    zone: str = field(kw_only=True)
    currency: str = field(kw_only=True)
    channel: Channel = field(kw_only=True)
    thread: str | None = field(kw_only=True)
    language: str = field(kw_only=True)
    claims: tuple[Claim, ...] = field(default=(), kw_only=True)
    pressed: bool = field(default=False, kw_only=True)
    link_address: str | None = field(default=None, kw_only=True)
    app_name: str | None = field(default=None, kw_only=True)
    offered: tuple[Capability, ...] = field(default=(), kw_only=True)
    alike: Callable[[str], Sequence[str]] = field(kw_only=True)

    def _was_asked_in(self, channel_id: str) -> bool:
        return channel_id == self.channel.id

    @property
    def today(self) -> date:
        """The asker's local date."""
        return local_day(self.zone, self.now)

    @property
    def region_today(self) -> date:
        """The date in the asker's region, whose weeks and months their figures belong to, wherever they are."""
        return self.today if self.region is None else local_day(self.region.zone, self.now)

    def meant_in(self, amount: Money, currency: str) -> Money:
        """Take an amount that named no currency in the one that is at hand; one that named its own stays as it is."""
        assumed = any(claim.slot == "currency" and claim.assumed for claim in self.claims)
        return Money.of(amount.major, currency) if assumed else amount

    @property
    def in_private(self) -> bool:
        """Whether only the asker reads this place."""
        return self.channel.kind is ChannelKind.DIRECT
