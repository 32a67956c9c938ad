"""The things of a Slack workspace, as the peer keeps them, and how each looks on the wire."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

LEAST_SCOPES = frozenset(
    {
        "commands", "chat:write", "app_mentions:read", "users:read", "users:read.email", "channels:read",
        "groups:read", "im:write", "files:write",
    },
)  # fmt: skip
"""What platforms.md asks for; without `im:history` an app is told of no direct message."""

ALL_SCOPES = LEAST_SCOPES | frozenset(
    ["channels:history", "groups:history", "im:history", "im:read", "files:read", "reactions:write", "team:read"]
)


@dataclass
class Team:
    """A workspace."""

    id: str
    name: str
    domain: str


@dataclass
class User:
    """Somebody's account. A stranger is a user whose `team_id` is not the app's; a guest is `is_restricted`."""

    id: str
    team_id: str
    name: str
    real_name: str
    tz: str = "America/New_York"
    tz_offset: int = -18000
    locale: str = "en-US"
    email: str | None = None
    is_email_confirmed: bool = True
    is_bot: bool = False
    deleted: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_admin: bool = False
    updated: int = 0

    def wire(self, *, home: str, locale: bool = False, email: bool = True, met: bool = True) -> Json:
        """A `user` object. `locale` only with include_locale, `email` only with users:read.email.

        A user of another workspace says `is_stranger`: true when no channel that the app sees is shared with them.
        """
        profile: Json = {"real_name": self.real_name, "display_name": self.name, "team": self.team_id}
        if email and self.email and not self.is_bot:
            profile["email"] = self.email
        found: Json = {
            "id": self.id, "team_id": self.team_id, "name": self.name, "deleted": self.deleted, "profile": profile,
            "is_bot": self.is_bot, "is_app_user": False, "updated": self.updated,
        }  # fmt: skip
        if not self.deleted:  # a deactivated account keeps neither name at the top level nor zone nor rights
            found |= {
                "real_name": self.real_name, "tz": self.tz, "tz_label": self.tz, "tz_offset": self.tz_offset,
                "is_admin": self.is_admin, "is_owner": False, "is_primary_owner": False,
                "is_restricted": self.is_restricted, "is_ultra_restricted": self.is_ultra_restricted,
                "who_can_share_contact_card": "EVERYONE", "is_email_confirmed": self.is_email_confirmed,
            }  # fmt: skip
        if self.team_id != home:
            found["is_stranger"] = not met
        if locale and not self.deleted:
            found["locale"] = self.locale
        return found


@dataclass
class Channel:
    """A conversation: public, private, or a direct one of two people; `is_ext_shared` through Slack Connect."""

    id: str
    name: str
    created: int
    members: list[str] = field(default_factory=list)
    is_private: bool = False
    is_im: bool = False
    is_ext_shared: bool = False
    is_archived: bool = False
    is_general: bool = False

    @property
    def kind(self) -> str:
        """`channel_type` of an event; it also starts the name of the scopes that open it."""
        return "im" if self.is_im else "group" if self.is_private else "channel"

    @property
    def scopes(self) -> str:
        """The family of scopes that this kind of conversation needs."""
        return {"im": "im", "group": "groups", "channel": "channels"}[self.kind]

    @property
    def spoken_name(self) -> str:
        """The name that commands and buttons carry: Slack hides those of private places."""
        return {"im": "directmessage", "group": "privategroup", "channel": self.name}[self.kind]

    def wire(self, *, asker: str, team: str) -> Json:
        """A `channel` object as the asker sees it."""
        if self.is_im:
            other = next((member for member in self.members if member != asker), asker)
            return {
                "id": self.id, "created": self.created, "is_im": True, "is_org_shared": False, "user": other,
                "is_archived": False, "is_user_deleted": False, "priority": 0,
            }  # fmt: skip
        return {
            "id": self.id, "name": self.name, "name_normalized": self.name, "is_channel": not self.is_private,
            "is_group": self.is_private, "is_im": False, "is_mpim": False, "is_private": self.is_private,
            "created": self.created, "is_archived": self.is_archived, "is_general": self.is_general,
            "is_shared": self.is_ext_shared, "is_ext_shared": self.is_ext_shared, "is_org_shared": False,
            "is_member": asker in self.members, "num_members": len(self.members), "context_team_id": team,
            "topic": {"value": "", "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
        }  # fmt: skip


@dataclass
class Message:
    """A message; `visible_to` makes it ephemeral, `slackbot` marks Slack's own words to one person."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    parent_user: str | None = None
    bot_id: str | None = None
    app_id: str | None = None
    edited: Json | None = None
    files: list[str] = field(default_factory=list)
    metadata: Json | None = None
    visible_to: str | None = None
    deleted: bool = False
    reactions: dict[str, list[str]] = field(default_factory=dict)
    team: str = ""
    client_msg_id: str | None = None


@dataclass
class Upload:
    """A file: asked for, then uploaded, then shared."""

    id: str
    name: str
    title: str
    size: int
    user: str
    created: int
    ticket: str
    content: bytes | None = None
    channels: list[str] = field(default_factory=list)
    alt_text: str | None = None


@dataclass
class View:
    """A modal or a Home tab, and what the person has put into it so far."""

    id: str
    user: str
    body: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    answers: dict[str, dict[str, Json]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    notice: str | None = None


@dataclass
class Trigger:
    """The right to open one modal, for three seconds."""

    user: str
    given_at: float
    used: bool = False
    view_id: str | None = None


@dataclass
class Hook:
    """A response_url: five uses in thirty minutes."""

    channel: str
    user: str
    given_at: float
    message_ts: str | None = None
    ephemeral: bool = False
    thread_ts: str | None = None
    uses: int = 0


@dataclass
class App:
    """The one app that is installed: Regatta. `commands` limits what is a command; `token_error` ends its tokens
    (`token_revoked`, `account_inactive`)."""

    id: str
    bot_id: str
    user_id: str
    name: str
    bot_token: str
    app_token: str
    signing_secrets: list[str]
    verification_token: str = "legacy-verification-token"
    scopes: set[str] = field(default_factory=lambda: set(ALL_SCOPES))
    commands: set[str] | None = None
    token_error: str | None = None

    @property
    def signing_secret(self) -> str:
        """What Slack signs with now: a regenerated secret counts at once."""
        return self.signing_secrets[-1]

    def rotate_secret(self, secret: str) -> None:
        """Regenerate the signing secret."""
        self.signing_secrets.append(secret)
