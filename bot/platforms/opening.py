"""Opening: which platforms an installation talks on, and what each of them is handed.

A new platform is one more function here; docs/platforms.md says what it opens.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.delivery import Delivery
from bot.directory import Directory
from bot.dispatch import Dispatch
from bot.members import Members
from bot.platforms.base import Platform
from bot.platforms.connection import Connection
from bot.settings import Settings
from models.store import Store


@dataclass(frozen=True, slots=True)
class House:
    """What a platform stands on. `button_key` signs what a pressed button brings back."""

    settings: Settings
    store: Store
    directory: Directory
    members: Members
    button_key: Callable[[], str]

    def share(self) -> int:
        """Among how many processes a platform's limits are shared."""
        return self.members.count


@dataclass(frozen=True, slots=True)
class Opened:
    """A platform, and how its deliveries come in once there is somebody to take them."""

    platform: Platform
    connect: Callable[[Dispatch, Delivery], Connection]


Open = Callable[[House], Opened | None]
"""Opens a platform; none where it is not set. Its libraries are imported only then: they cost a second of the start."""


def slack(house: House) -> Opened | None:
    """Open Slack where there is a bot's token."""
    settings = house.settings
    if settings.slack_bot_token is None:
        return None
    from bot.platforms.slack.connection import SlackConnection  # noqa: PLC0415
    from bot.platforms.slack.sending import SlackPlatform  # noqa: PLC0415

    store, directory = house.store, house.directory
    platform = SlackPlatform(
        settings.slack_bot_token, settings.slack_api_url, store, directory, house.button_key, house.share
    )
    return Opened(
        platform,
        lambda dispatch, delivery: SlackConnection(settings, store, dispatch, delivery, directory, platform),
    )


def telegram(house: House) -> Opened | None:
    """Open Telegram where there is a bot's token."""
    settings = house.settings
    if settings.telegram_bot_token is None:
        return None
    from bot.platforms.telegram.connection import TelegramConnection  # noqa: PLC0415
    from bot.platforms.telegram.sending import TelegramPlatform  # noqa: PLC0415

    store, directory = house.store, house.directory
    platform = TelegramPlatform(
        settings.telegram_bot_token, settings.telegram_api_url, store, directory, house.button_key, house.share
    )
    return Opened(
        platform,
        lambda dispatch, delivery: TelegramConnection(
            settings, store, dispatch, delivery, directory, platform, house.members
        ),
    )


PLATFORMS: tuple[Open, ...] = (slack, telegram)
