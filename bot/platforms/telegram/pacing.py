"""How fast the bot may write, kept ahead of Telegram's own count.

core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this: a message a second into a chat with short
bursts, 20 a minute into a group, 30 a second in all. Edits are refused with 429 too, so they count.
"""

from bot.gates import Gate, Share, Window, alone
from bot.turns import Turns


def turns(share: Share = alone) -> Turns:
    """The turns of each message and edit, over all chats of one bot."""
    return Turns(lambda chat: _of_chat(chat, share), shared=[Window(30, 1.0, share)])


def _of_chat(chat: str, share: Share) -> list[Gate]:
    return [Window(3, 3.0, share), *([Window(20, 60.0, share)] if chat.startswith("-") else ())]
